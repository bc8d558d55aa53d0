using System.CommandLine;
using Symbolon.Admin.Clients;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Commands;

/// <summary><c>symbolon client</c>.</summary>
internal static class ClientCommand
{
    public static Command Build(Outside outside)
    {
        var command = new Command("client", "The clients that people and agents use") { Config(outside) };
        foreach (var verb in OAuthClientCommands.All(outside)) command.Add(verb);
        return command;
    }

    private static Command Config(Outside outside)
    {
        var server = new Argument<string>("server");
        var client = new Option<string>("--client") { Description = $"Which client: {McpClient.Ids}", HelpName = "NAME", Required = true };
        var variable = new Option<string?>("--variable") { Description = $"The environment variable that holds the token; default: {ClientConfig.Variable}", HelpName = "NAME" };
        return new Command("config", "Show what to paste into a client's configuration to reach a server by a token") { server, client, variable }.Does(outside, async run =>
        {
            if (McpClient.Find(run.Value(client)) is not { } found) throw CommandException.Usage($"--client must be one of {McpClient.Ids}.");
            var query = Query.Of(("client", found.Id), ("variable", run.Value(variable)));
            var config = await run.Client.GetAsync($"servers/{Verb.Segment(run.Value(server))}/client-config{query}", run.Cancellation);
            run.Screen.Note($"{found.Name}: {JsonPath.Text(config, "file")}. {found.Advice}");
            if (run.Screen.Format == OutputFormat.Table) run.Screen.Line(PlainText.Lines(JsonPath.Text(config, "text")!));
            else run.Screen.ShowWhole(config);
        });
    }
}
