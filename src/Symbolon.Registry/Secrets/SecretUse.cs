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
        [.. UsesOf(organisation, secret).Select(use => use.Server).Distinct().OrderBy(name => name.Value, StringComparer.Ordinal)];

    /// <summary>Every stored secret, without its value: who uses it, and the first last day that one of them gives it.</summary>
    public IEnumerable<ListedSecret> All(OrganisationId organisation) =>
        configuration.Secrets(organisation, UpstreamSecrets.Kind).Select(secret => new ListedSecret(
            secret.Id, secret.Version, UsersOf(organisation, secret.Id), UsesOf(organisation, secret.Id).Min(use => use.Expires)));

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

    private IEnumerable<(ServerName Server, DateOnly? Expires)> UsesOf(OrganisationId organisation, string secret) =>
        from server in configuration.Servers(organisation)
        where server.State != Lifecycle.Retired
        from version in new[] { server.Approved, server.Pending }
        let used = version?.Manifest.Credential as UpstreamCredential.Static
        where used?.Secret == secret
        select (server.Name, used.Expires);
}
