using System.CommandLine;
using Symbolon.Cli.Invocation;
using Symbolon.Server;
using Symbolon.Server.Hosting;

namespace Symbolon.Cli.Commands;

/// <summary><c>symbolon serve</c>: runs the server until it is told to stop.</summary>
internal static class ServeCommand
{
    private static readonly Option<string?> Data = new("--data") { Description = "Folder of the store, keys and admin token; default $XDG_DATA_HOME/symbolon, else ~/.local/share/symbolon", HelpName = "DIR" };

    public static Command Build(Outside outside)
    {
        var command = new Command("serve", "Run the server") { Data };
        var flags = Setting.All.Where(setting => setting.Flag is not null).Select(setting => (setting, OptionOf(setting))).ToList();
        foreach (var (_, option) in flags) command.Add(option);
        return command.Does(outside, run => RunAsync(run, flags));
    }

    private static async Task RunAsync(CommandRun run, List<(Setting Setting, Option<string[]> Option)> flags)
    {
        var data = ServerFolder.Of(run.Value(Data), run.Outside.Variable);
        var given = flags.SelectMany(flag => (run.Value(flag.Option) ?? []).Select(value => KeyValuePair.Create(flag.Setting.Name, value)));
        try
        {
            var file = await SettingsFile.ReadAsync(Path.Combine(data, "symbolon.yaml"), run.Cancellation);
            await using var host = SymbolonHost.Build(SettingsReader.Read(data, file, ServerFolder.AllVariables(), given));
            await StartAsync(host, run.Cancellation);
            run.Screen.Note($"Symbolon listens on {string.Join(", ", host.Addresses)}. Admin token: {host.AdminTokenFile}");
            run.Screen.Note($"Console: open the link in {host.SignInLinkFile}; it signs you in once, within 10 minutes.");
            await host.WaitForShutdownAsync(run.Cancellation);
        }
        catch (Exception fault) when (ServerFaults.Explain(fault) is { } failure)
        {
            throw failure;
        }
    }

    /// <summary>Starts it; what had started of it when the rest failed is stopped in good order.</summary>
    private static async Task StartAsync(SymbolonHost host, CancellationToken cancellation)
    {
        try
        {
            await host.StartAsync(cancellation);
        }
        catch
        {
            await host.StopAsync(CancellationToken.None);
            throw;
        }
    }

    private static string ValueOf(string flag) => flag switch
    {
        "--urls" or "--admin-urls" or "--public-url" => "URL",
        "--tls-cert" or "--tls-key" or "--master-key-file" => "FILE",
        "--trusted-proxy" => "ADDRESS",
        "--log-level" => "LEVEL",
        _ => "TEXT",
    };

    private static Option<string[]> OptionOf(Setting setting)
    {
        var option = new Option<string[]>(setting.Flag!)
        {
            Description = char.ToUpperInvariant(setting.Summary[0]) + setting.Summary[1..],
            Arity = ArgumentArity.OneOrMore,
            HelpName = ValueOf(setting.Flag!),
        };
        if (!setting.IsList)
            option.Validators.Add(given =>
            {
                if (given.Tokens.Count > 1) given.AddError($"{setting.Flag} is given more than once.");
            });
        return option;
    }
}
