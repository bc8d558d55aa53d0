using Symbolon.Admin.Audit;
using Symbolon.Admin.Tokens;

namespace Symbolon.Admin.Overview;

/// <summary>How the whole is at this moment. Decisions are counted from the audit some seconds behind it.</summary>
public sealed record OverviewResponse
{
    /// <summary><c>24h</c>, <c>7d</c> or <c>30d</c>.</summary>
    public required string Period { get; init; }

    /// <summary>The start of the period's first hour. The last hour is the one that runs.</summary>
    public required DateTimeOffset From { get; init; }
    public required DateTimeOffset To { get; init; }
    public required DecisionsResponse Decisions { get; init; }
    public required TokenCountsResponse Tokens { get; init; }
    public required ServerCountsResponse Servers { get; init; }

    /// <summary>The live tokens that end first within those days, at most five.</summary>
    public required IReadOnlyList<TokenResponse> NextToEnd { get; init; }

    /// <summary>Seen within the last 30 seconds, by name.</summary>
    public required IReadOnlyList<NodeStateResponse> Nodes { get; init; }

    /// <summary><c>sqlite</c> or <c>postgres</c>.</summary>
    public required string Store { get; init; }
    public required AuditStateResponse Audit { get; init; }
}

/// <summary>Calls that were let through, and requests that were refused.</summary>
/// <param name="Hours">Each hour of the period, oldest first, also those in which nothing was decided.</param>
/// <param name="Reasons">What refused in the period, the most first.</param>
/// <param name="AllowedBefore">In the time of the same length that ended when the period began.</param>
public sealed record DecisionsResponse(
    long Allowed, long Refused, long AllowedBefore, long RefusedBefore, IReadOnlyList<HourResponse> Hours, IReadOnlyList<ReasonCountResponse> Reasons);

/// <param name="At">The hour's start.</param>
public sealed record HourResponse(DateTimeOffset At, long Allowed, long Refused);

/// <param name="Code">Reason code.</param>
/// <param name="Before">In the time of the same length before.</param>
public sealed record ReasonCountResponse(string Code, long Count, long Before);

/// <param name="Live">Neither expired nor revoked, by itself, with its holder or with the organisation.</param>
/// <param name="Expiring">Live ones that end within <paramref name="ExpiringDays"/> days.</param>
/// <param name="NeverUsed">Live ones that never made a request.</param>
public sealed record TokenCountsResponse(long Live, long Expiring, int ExpiringDays, long NeverUsed);

/// <param name="Attention">What a person should look at: pending or suspended, a version that waits, tools suspended by drift, or no answer.</param>
/// <param name="UnusedTools">Tools of active servers that nobody called in the last 30 days.</param>
public sealed record ServerCountsResponse(int Active, int Pending, int Suspended, int Retired, int Attention, int UnusedTools);

/// <param name="Behind">Changes of the configuration that it has not confirmed yet; 0 for one that is current.</param>
/// <param name="SeenAt">Its last word; it speaks at least every few seconds.</param>
public sealed record NodeStateResponse(string Node, long Behind, DateTimeOffset SeenAt);

/// <param name="Head">Number of the last record.</param>
/// <param name="CountedTo">Number of the last record that the decisions above hold.</param>
/// <param name="Verification">How far the node that answers has verified the chain since it started; another node knows of its own.</param>
public sealed record AuditStateResponse(long Head, long CountedTo, ChainCheckResponse Verification);
