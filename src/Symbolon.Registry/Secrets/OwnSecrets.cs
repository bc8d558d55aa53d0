using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;

namespace Symbolon.Registry.Secrets;

/// <summary>The stored secrets that belong to one server alone, and end with it.</summary>
public sealed class OwnSecrets(IConfigurationStore store, SecretUse use)
{
    /// <summary>
    /// What any of its approved versions ever named and no other server uses. What only a version named that nobody approved is left alone: nobody has looked whether it is its own.
    /// </summary>
    /// <returns>Names, in order, of those that have a value.</returns>
    /// <exception cref="StoreUnavailableException">Its history cannot be read.</exception>
    internal async Task<IReadOnlyList<string>> OfAsync(OrganisationId organisation, ServerObject server, CancellationToken cancellation)
    {
        if (server.Approved is null) return [];
        var names = new SortedSet<string>(StringComparer.Ordinal);
        Add(names, server);
        var key = new ObjectKey(ObjectKind.Server, server.Name.Value);
        var history = await store.HistoryAsync(organisation, key, cancellation);
        foreach (var version in history) Add(names, version.Item);
        // A history ends after so many; a secret of before is no less the server's own.
        for (var older = history.Count == 0 ? 0 : history[0].Version - 1; older > 0; older--) Add(names, await store.FindVersionAsync(organisation, key, older, cancellation));

        var own = new List<string>();
        foreach (var name in names)
            if (use.UsersOf(organisation, name).All(user => user == server.Name) && await store.FindSecretAsync(organisation, UpstreamSecrets.Kind, name, cancellation) is { Sealed.Length: > 0 })
                own.Add(name);
        return own;
    }

    private static void Add(SortedSet<string> names, object? item)
    {
        if (item is not ServerObject server) return;
        if (server.Approved?.Manifest.Credential.SecretName is { } name) names.Add(name);
    }
}
