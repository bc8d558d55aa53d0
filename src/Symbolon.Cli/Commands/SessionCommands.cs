using System.CommandLine;
using Symbolon.Admin.Api;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Commands;

/// <summary><c>symbolon session</c>: who is signed in to the console.</summary>
internal static class SessionCommands
{
    public static Command Build(Outside outside) => new("session", "Who is signed in to the console")
    {
        Verb.List(outside, "session", "sessions",
            Column.At("SESSION", "id"), Column.At("WHO", "by"), Column.At("NODE", "node"), Column.At("SINCE", "openedAt"), Column.At("UNTIL", "expiresAt")),
        End(outside),
    };

    /// <summary>Asks nothing: whoever was signed out can sign in again.</summary>
    private static Command End(Outside outside)
    {
        var id = new Argument<string>("id");
        var reason = ReasonOption.Make();
        return new Command("end", "Sign somebody out, on every node at once") { id, reason }.Does(outside, async run =>
        {
            var ended = await run.Client.PostAsync($"sessions/{Verb.Segment(run.Value(id))}/end", new ReasonRequest { Reason = run.Value(reason) }, run.Cancellation);
            run.Screen.Note($"{JsonPath.Text(ended, "by")} is signed out.");
            if (run.Screen.Format != OutputFormat.Table) run.Screen.ShowWhole(ended);
        });
    }
}
