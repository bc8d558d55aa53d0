using Symbolon.Admin.Api;
using Symbolon.Admin.History;
using Symbolon.Admin.Policies;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Console.PolicyPages;

/// <summary>Reads what the page of one policy shows, through the same ports as the API.</summary>
internal sealed class PolicyPageReader(Configuration configuration, IConfigurationStore store, PolicyReads policies, HistoryReads history, TimeProvider clock)
{
    private const int MostVersions = 200;

    /// <param name="since">A version to compare with; null for none.</param>
    /// <returns>Null for no such policy.</returns>
    public async Task<PolicyPageModel?> ReadAsync(OrganisationId organisation, string name, string? view, long? since, CancellationToken cancellation)
    {
        if (!ObjectName.IsValid(name)) return null;
        var key = new ObjectKey(ObjectKind.Policy, name);
        var (policy, version) = await StoredObject.FindAsync(store, organisation, key, () => configuration.Policy(organisation, new PolicyName(name)), cancellation);
        if (policy is null) return null;
        var model = new PolicyPageModel
        {
            Policy = PolicyResponse.Of(policy, version),
            View = view is PolicyPageModel.FileView or PolicyPageModel.TestsView or PolicyPageModel.HistoryView ? view : PolicyPageModel.RulesView,
            Now = clock.GetUtcNow(),
        };
        return model.View switch
        {
            PolicyPageModel.FileView => model with { Edited = new EditedPolicy(PolicyText.Of(policy)) },
            PolicyPageModel.TestsView => model with { Tests = policies.Test(organisation, policy) },
            PolicyPageModel.HistoryView => model with
            {
                History = [.. (await history.ListAsync(organisation, key, cancellation)).Reverse().Take(MostVersions)],
                Since = since is { } number ? await history.SinceAsync(organisation, key, number, cancellation) : null,
            },
            _ => model with { Hits = await HitsAsync(organisation, name, cancellation) },
        };
    }

    private async Task<IReadOnlyDictionary<string, RuleHitsResponse>?> HitsAsync(OrganisationId organisation, string name, CancellationToken cancellation)
    {
        try
        {
            return (await policies.HitsAsync(organisation, null, cancellation)).Where(hits => hits.Rule.StartsWith(name + "/", StringComparison.Ordinal)).ToDictionary(hits => hits.Rule[(name.Length + 1)..], StringComparer.Ordinal);
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
    }
}
