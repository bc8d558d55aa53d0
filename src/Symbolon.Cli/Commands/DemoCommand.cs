using System.CommandLine;
using Symbolon.Admin.Clients;
using Symbolon.Cli.Demo;
using Symbolon.Cli.Invocation;

namespace Symbolon.Cli.Commands;

/// <summary><c>symbolon demo</c>: shows the main job with real calls against sample servers, then stays up to be tried.</summary>
internal static class DemoCommand
{
    public static Command Build(Outside outside)
    {
        var once = new Option<bool>("--once") { Description = "End after the show; exit code 0 if every step went as it should" };
        var data = new Option<string?>("--data") { Description = "Folder for the data; default: a temporary one", HelpName = "DIR" };
        var urls = new Option<string?>("--urls") { Description = "Where to listen; default: a free port on loopback", HelpName = "URL" };
        return new Command("demo", "Show it all with sample servers and real calls") { once, data, urls }.Does(outside, async run =>
        {
            await using var stage = await StageAsync(run, run.Value(data), run.Value(urls));
            using var http = new HttpClient(outside.Handler()) { Timeout = Timeout.InfiniteTimeSpan };
            var show = new DemoShow(stage, new Narrator(run.Screen), http, outside.Clock);
            await show.RunAsync(run.Cancellation);
            run.Screen.Line("\nEvery step went as it should.");
            if (run.Value(once)) return;
            await StayAsync(run, stage, show);
        });
    }

    private static async Task<DemoStage> StageAsync(CommandRun run, string? data, string? urls)
    {
        try
        {
            return await DemoStage.SetAsync(data, urls, run.Outside.Handler, run.Cancellation);
        }
        catch (Exception fault) when (ServerFaults.Explain(fault) is { } failure)
        {
            throw failure;
        }
    }

    private static async Task StayAsync(CommandRun run, DemoStage stage, DemoShow show)
    {
        var token = await show.IssueFreshAsync(run.Cancellation);
        run.Screen.Line($"\n   export {ClientConfig.Variable}={token}");
        ClientSnippets.Print(run.Screen, "orders", stage.Gateway, ClientConfig.Variable);
        run.Screen.Line($"""

               The command line, in another terminal:
                 export SYMBOLON_URL={stage.Gateway.GetLeftPart(UriPartial.Authority)} SYMBOLON_TOKEN_FILE={Path.Combine(stage.Folder, "admin-token")}
                 ./symbolon audit tail

            Ctrl-C ends the demo.
            """);
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, run.Cancellation);
        }
        catch (OperationCanceledException)
        {
            // How every demo ends.
        }
    }
}
