using System.CommandLine;
using Symbolon.Cli.Invocation;
using Symbolon.Gateway.Upstreams.Runner;
using Symbolon.Server.Runner;

namespace Symbolon.Cli.Commands;

/// <summary><c>symbolon runner</c>: starts the processes of stdio servers for a gateway of another user.</summary>
internal static class RunnerCommand
{
    private static readonly Option<string> Path = new("--socket") { Description = "Socket to listen on", HelpName = "PATH", Required = true };
    private static readonly Option<uint?> AllowUid = new("--allow-uid") { Description = "Number of the gateway's user, the only one that is served; default this user", HelpName = "UID" };
    private static readonly Option<string?> Data = new("--data") { Description = "The gateway's data folder, which this user must not be able to read; default as for serve", HelpName = "DIR" };
    private static readonly Option<int> MaxProcesses = new("--max-processes") { Description = "Processes at once, 1 to 4096", HelpName = "N", DefaultValueFactory = _ => 128, CustomParser = WholeNumber.Read<int> };

    static RunnerCommand() => MaxProcesses.Validators.Add(given =>
    {
        if (given.Tokens is [{ Value: var text }] && !(int.TryParse(text, out var number) && number is >= 1 and <= 4096)) given.AddError("--max-processes is a number from 1 to 4096.");
    });

    public static Command Build(Outside outside) =>
        new Command("runner", "Start the processes of stdio servers for a gateway, under another user") { Path, AllowUid, Data, MaxProcesses }.Does(outside, RunAsync);

    private static async Task RunAsync(CommandRun run)
    {
        try
        {
            using var host = RunnerHost.Listen(new RunnerOptions
            {
                Socket = System.IO.Path.GetFullPath(run.Value(Path)!),
                AllowedUser = run.Value(AllowUid) ?? PeerUser.Own,
                DataDirectory = ServerFolder.Of(run.Value(Data), run.Outside.Variable),
                MaxProcesses = run.Value(MaxProcesses),
            });
            run.Screen.Note($"The runner listens on {run.Value(Path)}.");
            await host.RunAsync(run.Cancellation);
        }
        catch (Exception fault) when (ServerFaults.Explain(fault) is { } failure)
        {
            throw failure;
        }
    }
}
