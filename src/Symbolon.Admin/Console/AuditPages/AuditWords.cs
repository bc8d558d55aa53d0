using System.Globalization;

namespace Symbolon.Admin.Console.AuditPages;

/// <summary>One sentence an entry, and the words of its parts.</summary>
internal static class AuditWords
{
    /// <summary>A sentence that can be read aloud. It says what the records hold and nothing else.</summary>
    public static string Sentence(AuditEntry entry)
    {
        var line = entry.Main;
        return line.Kind switch
        {
            "call_intent" or "call_outcome" => $"{Who(line)} called {line.Tool} on {line.Server}. {End(entry)}",
            "request" => $"{Who(line)} sent {line.Method} to {line.Server}. {End(entry)}",
            "refusals" => $"{Times(line.Count ?? 1)} from {line.Peer ?? "an unknown address"} was refused before a caller was known: {line.Code}.",
            _ => $"{line.By ?? "Symbolon"} {ChangeWords.Of(line)}{(line.Reason is { } reason ? $", because: {reason}" : "")}.",
        };
    }

    /// <summary>The middle of a row where it is no tool: what happened to what.</summary>
    public static string What(AuditEntry entry)
    {
        var line = entry.Main;
        if (line.Kind == "request") return line.Method ?? "";
        if (line.Kind == "refusals") return line.Count is null or 1 ? "One request without a known caller" : string.Create(CultureInfo.InvariantCulture, $"{line.Count:N0} requests without a known caller");
        var said = ChangeWords.Of(line);
        return said.Length == 0 ? said : char.ToUpperInvariant(said[0]) + said[1..];
    }

    public static string Who(AuditLine line) => (line.User, Through(line)) switch
    {
        ({ } user, { } through) => $"{user}, through {through},",
        ({ } user, null) => user,
        (null, { } through) => through,
        _ => line.By ?? line.Peer ?? "somebody",
    };

    private static string? Through(AuditLine line) => (line.Agent, line.Workflow) switch
    {
        ({ } agent, { } workflow) => $"{agent} in {workflow}",
        var (agent, workflow) => agent ?? workflow,
    };

    /// <summary>The second sentence: what was decided and how it ended.</summary>
    public static string End(AuditEntry entry) => entry.State switch
    {
        AuditState.Refused when entry is { IsCall: true, MayHaveRun: true } => $"Ended by Symbolon: {entry.Code ?? "no code"}. It may have reached the server.",
        AuditState.Refused => $"Refused: {entry.Code ?? "no code"}. Nothing was sent to the server.",
        AuditState.Lost => "Its node died before the end was recorded: it may or may not have happened.",
        AuditState.UnderWay => "It was decided, and no end is on record yet.",
        _ => entry.Outcome switch
        {
            "completed" => $"Allowed, and answered after {Took(entry.Main.Duration)}.",
            "tool_error" => $"Allowed; the tool answered with an error after {Took(entry.Main.Duration)}.",
            "upstream_error" => $"Allowed; the server answered with an error after {Took(entry.Main.Duration)}.",
            "failed" => $"It failed after {Took(entry.Main.Duration)}: {entry.Code ?? "no code"}.",
            "deferred" => $"Allowed; its stream ended after {Took(entry.Main.Duration)} before the answer, and the client comes for the rest.",
            "cancelled" => $"Allowed; the caller cancelled or left after {Took(entry.Main.Duration)}.",
            _ => "Allowed.",
        },
    };

    /// <summary>Why, in a word or two; a reason code is shown as such instead.</summary>
    public static string Because(AuditEntry entry) => entry.State switch
    {
        AuditState.Lost => "no end on record",
        AuditState.UnderWay => "granted",
        _ => entry.Outcome switch
        {
            "completed" => entry.IsCall ? "granted" : "",
            { } outcome => outcome.Replace('_', ' '),
            null => ShortText(entry.Main.Reason),
        },
    };

    public static (string Colour, string Sign, string Word) Mark(AuditState state) => state switch
    {
        AuditState.Allowed => ("allowed", "allowed", "Allowed"),
        AuditState.Refused => ("refused", "refused", "Refused"),
        AuditState.Lost => ("waiting", "warn", "Lost"),
        AuditState.UnderWay => ("waiting", "waiting", "Under way"),
        AuditState.Noticed => ("waiting", "warn", "Noticed"),
        _ => ("", "check", "Done"),
    };

    /// <param name="microseconds">A dash where it was not measured.</param>
    public static string Took(long? microseconds) => microseconds switch
    {
        null => "–",
        < 10_000 => string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1000.0:0.0} ms"),
        < 10_000_000 => string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1000} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1_000_000} s"),
    };

    public static string Bytes(long? bytes) => bytes is { } size ? string.Create(CultureInfo.InvariantCulture, $"{size:N0} bytes") : "not on record";

    /// <summary>Refusals that were counted have the second in which they came.</summary>
    public static string Clock(AuditLine line) => line.Kind == "refusals" ? line.At.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture) : Clock(line.At);

    public static string Clock(DateTimeOffset at) => at.UtcDateTime.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);

    public static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    public static string Stamp(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static string Times(long count) => count == 1 ? "One request" : string.Create(CultureInfo.InvariantCulture, $"Each of {count:N0} requests");

    private static string ShortText(string? text) => text is null ? "" : Parts.ShortText.Of(text, 80);
}
