using System.Globalization;
using Microsoft.AspNetCore.Http;
using Symbolon.Admin.Audit;
using Symbolon.Admin.Console.Layout;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Policy;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Console.AuditPages;

/// <summary>
/// What the address of the list asks for, under the names that the API's filters have. A value that means nothing is as if it were not
/// there: a page is no API.
/// </summary>
public sealed record AuditFilter
{
    private const int MostText = 254;

    public static readonly IReadOnlyList<(string Value, string Said, long Microseconds)> Periods =
        [("1h", "Last hour", 3_600_000_000), ("24h", "Last 24 hours", 86_400_000_000), ("7d", "Last 7 days", 604_800_000_000), ("30d", "Last 30 days", 2_592_000_000_000)];

    public static readonly IReadOnlyList<(string Value, string Said)> Decisions = [(AuditDecision.Allowed, "Allowed"), (AuditDecision.Refused, "Refused"), (AuditDecision.Lost, "Lost")];

    public string? User { get; init; }
    public string? Agent { get; init; }
    public string? Workflow { get; init; }
    public string? Server { get; init; }
    public string? Tool { get; init; }
    public string? Token { get; init; }
    public string? Code { get; init; }
    public string? Kind { get; init; }
    public Guid? Call { get; init; }
    public string? Decision { get; init; }
    public string? Period { get; init; }

    /// <summary>The page of entries before, or after, this number; the newest where both are null.</summary>
    public long? Before { get; init; }
    public long? After { get; init; }

    /// <summary>Each filter that is set: name, value, and the words for it.</summary>
    public IReadOnlyList<(string Name, string Value, string Said)> Set =>
        [.. Members().Where(member => member.Value is not null).Select(member => (member.Name, member.Value!, SaidOf(member.Name, member.Value!)))];

    internal static AuditFilter Read(IQueryCollection query, Configuration configuration, OrganisationId organisation)
    {
        var filter = new AuditFilter
        {
            User = Text(query, "user"), Agent = Text(query, "agent"), Workflow = Text(query, "workflow"), Server = Text(query, "server"), Tool = Text(query, "tool"),
            Token = Text(query, "token"),
            Code = ReasonCodes.TryParse(query["code"], out _) ? query["code"].ToString() : null,
            Kind = AuditTexts.TryParse(query["kind"], out _) ? query["kind"].ToString() : null,
            Call = Guid.TryParse(query["call"], out var call) ? call : null,
            Decision = Decisions.Any(decision => decision.Value == query["decision"]) ? query["decision"].ToString() : null,
            Period = Periods.Any(period => period.Value == query["period"]) ? query["period"].ToString() : null,
            Before = Number(query["before"]),
            After = Number(query["before"]) is null ? Number(query["after"]) : null,
        };
        return Text(query, "q") is { } sought ? filter.Seek(sought, configuration, organisation) : filter;
    }

    /// <summary>Who somebody means who types a name: an id is one, an e-mail is a person, a known workflow is it, anything else is an agent.</summary>
    private AuditFilter Seek(string sought, Configuration configuration, OrganisationId organisation) =>
        Guid.TryParse(sought, out var call) ? this with { Call = call }
        : TokenId.IsValid(sought) ? this with { Token = sought }
        : UserEmail.TryParse(sought, out var user) ? this with { User = user.Value }
        : ObjectName.IsValid(sought) && configuration.Workflow(organisation, new WorkflowName(sought)) is not null ? this with { Workflow = sought }
        : this with { Agent = sought };

    /// <param name="now">Microseconds.</param>
    internal AuditQuery ToQuery(long now) => new()
    {
        User = User, Agent = Agent, Workflow = Workflow, Server = Server, Tool = Tool, Token = Token, Code = Code, Kind = Kind, Call = Call,
        From = From(now),
    };

    /// <summary>Where the period begins, microseconds; null where there is none.</summary>
    internal long? From(long now) => Period is null ? null : now - Periods.First(period => period.Value == Period).Microseconds;

    /// <summary>Whether what no column tells fits: what was decided.</summary>
    internal bool Takes(AuditLine line) => Decision is null || AuditDecision.Of(line.Kind, line.Outcome, line.Allowed) == Decision;

    /// <summary>Whether the store's notes say where to look, so that one page can search far.</summary>
    internal bool IsNoted => Decision is null && (User ?? Agent ?? Workflow ?? Server ?? Tool ?? Token ?? Code ?? Kind) is not null;

    /// <summary>The newest page, which grows.</summary>
    public bool IsNewest => Before is null && After is null;

    /// <summary>The address of the list, or of one entry over it, with these filters.</summary>
    public string Address(string path = "/audit", string? without = null) => Addresses.Of(path,
        [.. Members().Where(member => member.Name != without), ("before", NumberText(Before)), ("after", NumberText(After))]);

    /// <summary>It leaves out records between others, so that what it finds is no chain.</summary>
    public bool Picks => Set.Any(member => member.Name != "period");

    /// <summary>The API's export of what these filters find.</summary>
    /// <param name="since">Where the period begins, microseconds.</param>
    public string ExportAddress(long? since) => Addresses.Of("/audit/export", [.. Members().Where(member => member.Name != "period"), ("from", NumberText(since))]);

    private IEnumerable<(string Name, string? Value)> Members() =>
    [
        ("user", User), ("agent", Agent), ("workflow", Workflow), ("server", Server), ("tool", Tool), ("token", Token), ("code", Code),
        ("decision", Decision), ("kind", Kind), ("call", Call?.ToString()), ("period", Period),
    ];

    private static string SaidOf(string name, string value) => name switch
    {
        "user" => $"person {value}",
        "code" => $"reason {value}",
        "decision" => Decisions.First(decision => decision.Value == value).Said,
        "period" => Periods.First(period => period.Value == value).Said,
        _ => $"{name} {value}",
    };

    private static string? Text(IQueryCollection query, string name) =>
        query[name].ToString().Trim() is { Length: > 0 and <= MostText } text && !text.Contains('\0') ? text : null;

    private static long? Number(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string? NumberText(long? number) => number?.ToString(CultureInfo.InvariantCulture);
}
