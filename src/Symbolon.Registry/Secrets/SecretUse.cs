using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Snapshot;

namespace Symbolon.Registry.Secrets;

/// <summary>
/// A static secret serves one server: a second one with the same name is refused here, one with the same value by its fingerprint
/// where the value is stored. DESIGN.md section 4, Reviews.
/// </summary>
public sealed class SecretUse(Configuration configuration)
{
    /// <summary>Names of the servers, not retired, whose approved or pending version uses the secret.</summary>
    public IReadOnlyList<ServerName> UsersOf(OrganisationId organisation, string secret) =>
        [.. configuration.Servers(organisation)
            .Where(server => server.State != Lifecycle.Retired && (Uses(server.Approved?.Manifest, secret) || Uses(server.Pending?.Manifest, secret)))
            .Select(server => server.Name)
            .OrderBy(name => name.Value, StringComparer.Ordinal)];

    internal IEnumerable<FieldError> SharedAmong(OrganisationId organisation, IReadOnlyList<Document> documents)
    {
        var coming = new Dictionary<string, ServerName>(StringComparer.Ordinal);
        for (var i = 0; i < documents.Count; i++)
        {
            if (documents[i] is not Document.Server { Manifest.Credential: UpstreamCredential.Static secret } server) continue;
            var others = UsersOf(organisation, secret.Secret).Where(name => name != server.Name).ToList();
            if (coming.TryGetValue(secret.Secret, out var earlier)) others.Add(earlier);
            coming[secret.Secret] = server.Name;
            if (others.Count > 0)
                yield return new FieldError($"documents[{i}].spec.credential.secret", "secret_in_use", $"The secret {secret.Secret} already serves {others[0]}. Each server has a secret of its own.");
        }
    }

    private static bool Uses(ServerManifest? manifest, string secret) =>
        manifest?.Credential is UpstreamCredential.Static found && found.Secret == secret;
}
