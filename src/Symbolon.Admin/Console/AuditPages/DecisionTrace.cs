using System.Globalization;
using Symbolon.Core.Policy;

namespace Symbolon.Admin.Console.AuditPages;

/// <summary>
/// Which checks a request of a caller passed, and which one stopped it. The gateway checks in one order (DESIGN.md section 4), so a code
/// that only one check gives proves those before it. A code that two checks give proves what comes before the first of them. Nothing else
/// is said: a check that the records do not prove is left out.
/// </summary>
internal static class DecisionTrace
{
    private enum Check
    {
        Token,
        Current,
        Server,
        Message,
        Tool,
        Definition,
        Arguments,
        Rules,
        Forwarded,
    }

    public static IReadOnlyList<TraceStep> Of(AuditEntry entry)
    {
        if (!entry.IsRequest || entry.Main.Token is not { } token) return [];
        var decided = entry.Decided;
        var steps = new List<TraceStep>();
        var reached = Reached(entry);
        if (reached > Check.Token) steps.Add(Passed("The token was found, not expired and not revoked", $"token {token}"));
        if (reached > Check.Current) steps.Add(Passed("The node knew that its configuration was current"));
        if (reached > Check.Server) steps.Add(Passed("The token and a live grant reach this server", entry.Main.Server));
        if (reached > Check.Message) steps.Add(Passed("The message was well-formed, and its headers agreed with it", decided?.ProtocolVersion is { } version ? $"MCP {version}" : null));
        if (entry.IsCall && decided is { Scope: { } scope, Grant: { } grant }) steps.Add(Passed("The tool is inside the token and inside a grant", $"{scope}, by grant {grant}"));
        if (entry.IsCall && reached > Check.Definition) steps.Add(Passed("The tool's live definition was the reviewed one"));
        if (entry.IsCall && reached > Check.Arguments) steps.Add(Passed("No argument passes for one of another name"));
        if (decided is { Rule: { } rule } && reached > Check.Rules) steps.Add(Passed("A rule of a policy allows it", rule));
        if (decided is { IsIntent: true } && reached == Check.Forwarded)
            steps.Add(Passed("The decision is on record", string.Create(CultureInfo.InvariantCulture, $"record {decided.Seq}")));
        steps.Add(Last(entry));
        return steps;
    }

    /// <summary>The check that stopped it, or <see cref="Check.Forwarded"/>.</summary>
    private static Check Reached(AuditEntry entry)
    {
        // An intent without a code is written only behind all checks.
        if (entry.Decided is { IsIntent: true, Allowed: true, Code: null }) return Check.Forwarded;
        // Its scope and grant are on record only once the tool was decided.
        var isGranted = entry.Decided is { Scope: not null, Grant: not null };
        if (!ReasonCodes.TryParse(entry.Code, out var code)) return isGranted ? Check.Definition : entry.State == AuditState.Allowed && !entry.IsCall ? Check.Tool : Check.Current;
        return code switch
        {
            ReasonCode.Unauthenticated or ReasonCode.TokenExpired or ReasonCode.TokenRevoked or ReasonCode.WrongAudience
                or ReasonCode.ProofRequired or ReasonCode.ProofInvalid => Check.Token,
            // The last four can come at any place behind the token.
            ReasonCode.StateStale or ReasonCode.InternalError or ReasonCode.Overloaded or ReasonCode.AuditUnavailable or ReasonCode.NotDurable when !isGranted => Check.Current,
            ReasonCode.UnknownServer => Check.Server,
            ReasonCode.ArgumentNotAllowed when isGranted => Check.Arguments,
            ReasonCode.DeniedByPolicy or ReasonCode.PolicyError or ReasonCode.LimitReached when isGranted => Check.Rules,
            ReasonCode.NotGranted or ReasonCode.InsufficientScope or ReasonCode.UnknownTool or ReasonCode.ServerSuspended when !isGranted => Check.Tool,
            _ when isGranted => Check.Definition,
            // What a reader of the message finds, or what can come at several places.
            _ => Check.Message,
        };
    }

    private static TraceStep Last(AuditEntry entry) => entry.State switch
    {
        AuditState.Refused => new("refused", "Stopped here", entry.Decided?.Rule is { } rule ? $"{entry.Code}, rule {rule}" : entry.Code),
        AuditState.UnderWay => new("waiting", "No end is on record yet"),
        AuditState.Lost => new("waiting", "The end was never recorded", entry.Main.Reason),
        _ => entry.Outcome switch
        {
            "completed" => Passed(entry.IsCall ? "Forwarded, and answered with a result" : "Answered", StatusOf(entry.Main)),
            "tool_error" => new("waiting", "Forwarded; the tool answered with an error", StatusOf(entry.Main)),
            "upstream_error" => new("waiting", "Forwarded; the server answered with an error", StatusOf(entry.Main)),
            "cancelled" => new("waiting", "The caller cancelled or left"),
            "deferred" => new("waiting", "Its stream ended before the answer; the client comes for the rest"),
            "failed" => new("refused", "No usable answer came", entry.Code),
            _ => Passed("Allowed"),
        },
    };

    private static string? StatusOf(AuditLine line) => line.UpstreamStatus is { } status ? string.Create(CultureInfo.InvariantCulture, $"HTTP {status} from the server") : null;

    private static TraceStep Passed(string said, string? detail = null) => new("allowed", said, detail);
}
