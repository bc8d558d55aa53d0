using System.CommandLine;
using Symbolon.Admin.Reviews;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Commands;

/// <summary><c>symbolon review</c>: what waits for reviewers, and their decisions.</summary>
internal static class ReviewCommands
{
    public static Command Build(Outside outside) => new("review", "Versions of servers and changed tools that wait for a decision")
    {
        List(outside),
        Show(outside),
        Decide(outside, "approve", "What it is about serves from now on"),
        Decide(outside, "reject", "What was reviewed before stays what serves"),
    };

    private static Command List(Outside outside)
    {
        var state = new Option<string?>("--state") { Description = "open, approved, rejected, expired or superseded; default: all, the open ones first", HelpName = "STATE" };
        var server = new Option<string?>("--server") { Description = "Of one server", HelpName = "NAME" };
        var command = new Command("list", "List reviews") { state, server };
        command.Aliases.Add("ls");
        return command.Does(outside, async run => run.Screen.Show(
            await run.Client.ListAsync("reviews" + Query.Of(("state", run.Value(state)), ("server", run.Value(server))), Verb.MostItems, run.Cancellation),
            Column.At("NAME", "name"), Column.At("STATE", "state"), Column.At("CAUSE", "cause"), Column.At("BY", "requestedBy"), Column.At("OPENED", "openedAt"), Column.At("EXPIRES", "expiresAt"),
            Column.At("MANIFEST", "manifest"), Column.At("DRIFTED", "driftedTools"), Column.At("DECIDED BY", "decidedBy")));
    }

    private static Command Show(Outside outside)
    {
        var name = new Argument<string>("name");
        return new Command("show", "Show what a review is about: each tool before and after, and the union beside the envelope") { name }.Does(outside, async run =>
        {
            var review = await run.Client.GetAsync($"reviews/{Verb.Segment(run.Value(name))}", run.Cancellation);
            if (run.Screen.Format != OutputFormat.Table) run.Screen.ShowWhole(review);
            else foreach (var line in ReviewText.Lines(review)) run.Screen.Line(line);
        });
    }

    private static Command Decide(Outside outside, string verb, string summary)
    {
        var name = new Argument<string>("name");
        var revision = new Option<long?>("--revision") { Description = "The revision of the review that was read; default: it is shown, and you are asked", HelpName = "NUMBER", CustomParser = each => WholeNumber.Read<long>(each) };
        var inside = new Option<bool>("--inside") { Description = "Its host's name leads inside this network (private or loopback addresses), and that is meant" };
        var reason = ReasonOption.Make();
        var command = new Command(verb, summary) { name, revision, reason };
        if (verb == "approve") command.Add(inside);
        return command.Does(outside, async run =>
        {
            var path = $"reviews/{Verb.Segment(run.Value(name))}";
            var read = run.Value(revision) ?? await AskAsync(run, path, verb);
            var decided = await run.Client.PostAsync($"{path}/{verb}", new DecideRequest { Revision = read, Inside = verb == "approve" && run.Value(inside), Reason = run.Value(reason) }, run.Cancellation);
            run.Screen.Note($"review {JsonPath.Text(decided, "name")} is {JsonPath.Text(decided, "state")}.");
            if (JsonPath.Text(decided, "selfApproved") == "yes") run.Screen.Warn("you approved what you applied yourself; it is recorded as such");
            if (run.Screen.Format != OutputFormat.Table) run.Screen.ShowWhole(decided);
        });
    }

    /// <summary>Nobody decides what they have not seen: shows it and asks. Without a terminal the revision must have been named.</summary>
    private static async Task<long> AskAsync(CommandRun run, string path, string verb)
    {
        var review = await run.Client.GetAsync(path, run.Cancellation);
        var revision = review.GetProperty("revision").GetInt64();
        if (!run.Outside.InputIsTerminal) throw CommandException.Usage($"Name the revision that was read: --revision {revision} is the present one.", $"symbolon review show {JsonPath.Text(review, "name")} shows it.");
        foreach (var line in ReviewText.Lines(review)) run.Screen.Note(line);
        await run.AskAsync($"{char.ToUpperInvariant(verb[0])}{verb[1..]} review {JsonPath.Text(review, "name")}?");
        return revision;
    }
}
