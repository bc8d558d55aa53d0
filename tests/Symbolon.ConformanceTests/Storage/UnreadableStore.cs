using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;

namespace Symbolon.ConformanceTests.Storage;

/// <summary>Configuration of a store that can no longer be read.</summary>
internal sealed class UnreadableStore : IConfigurationStore
{
    public Task<long> RevisionAsync(CancellationToken cancellation) => throw Lost();

    public Task<ConfigurationChanges> ReadSinceAsync(long revision, CancellationToken cancellation) => throw Lost();

    public Task<(object Item, long Version)?> FindObjectAsync(OrganisationId organisation, ObjectKey key, CancellationToken cancellation) => throw Lost();

    public Task<object?> FindVersionAsync(OrganisationId organisation, ObjectKey key, long version, CancellationToken cancellation) => throw Lost();

    public Task<IReadOnlyList<ObjectVersion>> HistoryAsync(OrganisationId organisation, ObjectKey key, CancellationToken cancellation) => throw Lost();

    public Task<SealedSecret?> FindSecretAsync(OrganisationId organisation, string kind, string id, CancellationToken cancellation) => throw Lost();

    public Task<IReadOnlyList<string>> SecretsWithFingerprintAsync(
        OrganisationId organisation, string kind, byte[] fingerprint, CancellationToken cancellation) => throw Lost();

    private static StoreUnavailableException Lost() => new("The store is lost.");
}
