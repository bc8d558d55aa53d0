using Symbolon.Core.Identity;

namespace Symbolon.Core.Audit;

/// <summary>
/// Counts of decided calls, made from the audit some seconds behind it and off the way of a call. A call is counted once, when it is
/// decided. Times are microseconds since the Unix epoch.
/// </summary>
public interface IUsage
{
    /// <summary>Use of each tool of a server, or of all servers, since the start of the day (UTC) of <paramref name="since"/>; by server and tool.</summary>
    Task<IReadOnlyList<ToolUse>> ToolsAsync(OrganisationId organisation, string? server, long since, CancellationToken cancellation);

    /// <summary>Use of these servers since the start of the day (UTC) of <paramref name="since"/>, by name; one that was not used is left out.</summary>
    /// <param name="servers">At most 1001.</param>
    Task<IReadOnlyList<ServerUse>> ServersAsync(OrganisationId organisation, IReadOnlyCollection<string> servers, long since, CancellationToken cancellation);

    /// <summary>Use of each tool by these tokens, ever; by token, server and tool.</summary>
    /// <param name="tokens">At most 1000.</param>
    Task<IReadOnlyList<TokenToolUse>> TokensAsync(OrganisationId organisation, IReadOnlyCollection<string> tokens, CancellationToken cancellation);

    /// <summary>Decisions by hour and reason from the hour of <paramref name="from"/> to before <paramref name="to"/>, oldest first.</summary>
    Task<IReadOnlyList<DecisionCount>> DecisionsAsync(OrganisationId organisation, long from, long to, CancellationToken cancellation);

    /// <summary>What rules of policies refused, and what those that observe would have said, since the start of the day (UTC) of <paramref name="since"/>; by rule.</summary>
    Task<IReadOnlyList<RuleUse>> RulesAsync(OrganisationId organisation, long since, CancellationToken cancellation);

    /// <summary>Number of the last record of the audit that the counts hold; 0 before the first.</summary>
    Task<long> CountedToAsync(OrganisationId organisation, CancellationToken cancellation);
}

/// <param name="Allowed">Calls that were let through, whatever the server then made of them.</param>
/// <param name="Refused">Calls of this tool that were refused for what they are; a name that no tool has is not counted here.</param>
/// <param name="LastAt">The last that was let through; nothing where there is none.</param>
public sealed record ToolUse(string Server, string Tool, long Allowed, long Refused, long LastAt);

/// <summary>Sums over the tools of a server.</summary>
/// <inheritdoc cref="ToolUse"/>
public sealed record ServerUse(string Server, long Allowed, long Refused, long LastAt);

/// <param name="Calls">Allowed ones.</param>
public sealed record TokenToolUse(string Token, string Server, string Tool, long Calls, long LastAt);

/// <param name="Rule"><c>policy/rule</c>, or <c>policy/default</c>.</param>
/// <param name="Said"><c>deny</c>, <c>limit</c> or <c>error</c>; of one that observes also <c>allow</c>, <c>oblige</c> and <c>ask</c>.</param>
/// <param name="IsObserved">It would have said so, and let pass.</param>
/// <param name="LastAt">The last of them.</param>
public sealed record RuleUse(string Rule, string Said, bool IsObserved, long Count, long LastAt);

/// <param name="Hour">Its start.</param>
/// <param name="Code">Reason code of a refusal, of whatever request; null for calls that were allowed.</param>
public sealed record DecisionCount(long Hour, string? Code, long Count);
