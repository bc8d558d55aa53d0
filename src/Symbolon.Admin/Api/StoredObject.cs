using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Api;

/// <summary>One object with its version from the store; from memory, without a version, while the store cannot be asked.</summary>
internal static class StoredObject
{
    public static async Task<(T? Item, long? Version)> FindAsync<T>(
        IConfigurationStore store, OrganisationId organisation, ObjectKey key, Func<T?> remembered, CancellationToken cancellation) where T : class
    {
        try
        {
            return await store.FindObjectAsync(organisation, key, cancellation) is { Item: T item, Version: var version } ? (item, version) : (null, null);
        }
        catch (StoreUnavailableException)
        {
            return (remembered(), null);
        }
    }
}
