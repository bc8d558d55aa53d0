using System.Globalization;
using Microsoft.AspNetCore.Components;
using Symbolon.Admin.Console.Parts;
using Symbolon.Admin.Reviews;

namespace Symbolon.Admin.Console.ReviewPages;

/// <summary>Reviews in the console's words.</summary>
internal static class ReviewWords
{
    public static string PathOf(string name) => $"/reviews/{Uri.EscapeDataString(name)}";

    /// <summary>What it is about: an icon and two or three words.</summary>
    public static (string Icon, string Word) Cause(string cause) => cause switch
    {
        "registration" => ("server", "New server"),
        "change" => ("write", "Asks for more"),
        "drift" => ("warn", "Tools changed"),
        _ => ("review", cause),
    };

    public static RenderFragment State(string state, bool pill = false) => state switch
    {
        "open" => StateMark.Of("waiting", "waiting", "Waits for review", pill),
        "approved" => StateMark.Of("allowed", "allowed", "Approved", pill),
        "rejected" => StateMark.Of("refused", "refused", "Rejected", pill),
        "expired" => StateMark.Of("", "waiting", "Expired", pill),
        _ => StateMark.Of("", "retired", "Superseded", pill),
    };

    /// <summary>Who asks for what, to be read aloud.</summary>
    public static string Sentence(ReviewResponse review) => review.Cause switch
    {
        "registration" => $"{review.RequestedBy} asks that {review.Server} be reached for the first time, with {Tools(review.Tools.Count + review.MoreTools)}.",
        "drift" => $"{review.Server} lists {Named(review.DriftedTools)} otherwise than {(review.DriftedTools.Count == 1 ? "it was" : "they were")} reviewed. {(review.State == "open" ? "Calls are refused until you decide; the other tools work." : "")}",
        _ => $"{review.RequestedBy} asks that version {review.Manifest} of {review.Server} serve: {Changes(review)}.",
    };

    public static string Tools(int count) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? "tool" : "tools")}");

    private static string Changes(ReviewResponse review)
    {
        var parts = new List<string>();
        Add("added", "new");
        Add("changed", "changed");
        Add("removed", "taken out");
        if (review.Fields.Count > 0) parts.Add(string.Create(CultureInfo.InvariantCulture, $"{review.Fields.Count} {(review.Fields.Count == 1 ? "field" : "fields")} besides"));
        if (parts.Count == 0) parts.Add("nothing differs from what serves");
        return $"{string.Join(", ", parts)}. {(review.Union.IsInside ? "It needs nothing outside what was approved" : string.Create(CultureInfo.InvariantCulture, $"It needs {review.Union.Added.Count} {(review.Union.Added.Count == 1 ? "thing" : "things")} outside what was approved"))}";

        void Add(string change, string word)
        {
            if (review.Tools.Count(tool => tool.Change == change) is > 0 and var count) parts.Add($"{Tools(count)} {word}");
        }
    }

    private static string Named(IReadOnlyList<string> tools) => tools.Count switch
    {
        1 => tools[0],
        <= 3 => string.Join(", ", tools),
        _ => Tools(tools.Count),
    };
}
