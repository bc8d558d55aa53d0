using Symbolon.Core.Audit;
using Symbolon.Core.Identity;

namespace Symbolon.Testing.Fakes;

/// <summary>Use as the test says.</summary>
public sealed class FakeUsage : IUsage
{
    public List<ToolUse> Tools { get; } = [];

    public List<TokenToolUse> Tokens { get; } = [];

    public List<DecisionCount> Decisions { get; } = [];

    public List<RuleUse> Rules { get; } = [];

    public Task<IReadOnlyList<ToolUse>> ToolsAsync(OrganisationId organisation, string? server, long since, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<ToolUse>>([.. Tools.Where(use => (server is null || use.Server == server) && use.LastAt >= since)]);

    public Task<IReadOnlyList<ServerUse>> ServersAsync(OrganisationId organisation, IReadOnlyCollection<string> servers, long since, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<ServerUse>>([.. Tools.Where(use => servers.Contains(use.Server) && use.LastAt >= since).GroupBy(use => use.Server)
            .Select(uses => new ServerUse(uses.Key, uses.Sum(use => use.Allowed), uses.Sum(use => use.Refused), uses.Max(use => use.LastAt)))]);

    public Task<IReadOnlyList<TokenToolUse>> TokensAsync(OrganisationId organisation, IReadOnlyCollection<string> tokens, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<TokenToolUse>>([.. Tokens.Where(use => tokens.Contains(use.Token))]);

    public Task<IReadOnlyList<DecisionCount>> DecisionsAsync(OrganisationId organisation, long from, long to, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<DecisionCount>>([.. Decisions.Where(count => count.Hour >= from && count.Hour < to)]);

    public Task<IReadOnlyList<RuleUse>> RulesAsync(OrganisationId organisation, long since, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<RuleUse>>([.. Rules.Where(use => use.LastAt >= since)]);

    public Task<long> CountedToAsync(OrganisationId organisation, CancellationToken cancellation) => Task.FromResult(0L);
}
