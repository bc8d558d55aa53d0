using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Symbolon.Registry.Apply;

namespace Symbolon.Admin.History;

/// <summary>Versions of objects, as the API and the console show them.</summary>
internal sealed class HistoryReads(IConfigurationStore store)
{
    /// <summary>Oldest first; empty where there is no such object.</summary>
    public async Task<IReadOnlyList<HistoryResponse>> ListAsync(OrganisationId organisation, ObjectKey key, CancellationToken cancellation)
    {
        var versions = await store.HistoryAsync(organisation, key, cancellation);
        return [.. versions.Select((version, i) => HistoryResponse.Of(version, i == 0 ? null : versions[i - 1]))];
    }

    /// <returns>Null where the object never had this version, or one of them says nothing.</returns>
    public async Task<VersionDifferenceResponse?> SinceAsync(OrganisationId organisation, ObjectKey key, long version, CancellationToken cancellation) =>
        await store.FindVersionAsync(organisation, key, version, cancellation) is { } then && await store.FindObjectAsync(organisation, key, cancellation) is { } now
        && Rollback.DocumentOf(then) is { } before && Rollback.DocumentOf(now.Item) is { } after
            ? new VersionDifferenceResponse(version, now.Version, HistoryResponse.Between(before, after)) : null;
}
