using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Snapshot;

namespace Symbolon.Registry.Secrets;

/// <summary>
/// A stored secret serves one server, unless each of those that it serves says that it is shared: a second one with the same name is refused here, one with
/// the same value by its fingerprint where the value is stored. DESIGN.md section 4, Reviews.
/// </summary>
public sealed class SecretUse(Configuration configuration)
{
    /// <summary>Names of the servers, not retired, whose approved or pending version uses the secret.</summary>
    public IReadOnlyList<ServerName> UsersOf(OrganisationId organisation, string secret) =>
        [.. UsesOf(organisation, secret).Select(use => use.Server).Distinct().OrderBy(name => name.Value, StringComparer.Ordinal)];

    /// <summary>Every stored secret, without its value: who uses it, and the first last day that one of them gives it.</summary>
    public IEnumerable<ListedSecret> All(OrganisationId organisation) =>
        configuration.Secrets(organisation, UpstreamSecrets.Kind).Select(secret => Listed(organisation, secret));

    /// <returns>Null where no such secret is stored.</returns>
    public ListedSecret? Find(OrganisationId organisation, string name) =>
        configuration.Secret(organisation, UpstreamSecrets.Kind, name) is { } secret ? Listed(organisation, secret) : null;

    private ListedSecret Listed(OrganisationId organisation, SealedSecret secret)
    {
        var next = configuration.Secret(organisation, UpstreamSecrets.NextKind, secret.Id);
        return new ListedSecret(secret.Id, secret.Version, UsersOf(organisation, secret.Id), UsesOf(organisation, secret.Id).Min(use => use.Credential.SecretEnds),
            secret.StoredAt, next is not null, next?.StoredAt);
    }

    internal IEnumerable<FieldError> SharedAmong(OrganisationId organisation, IReadOnlyList<Document> documents)
    {
        var coming = new List<(ServerName Server, UpstreamCredential Credential)>();
        for (var i = 0; i < documents.Count; i++)
        {
            if (documents[i] is not Document.Server { Manifest.Credential: { SecretName: { } secret } credential } server) continue;
            var earlier = coming.FirstOrDefault(other => other.Credential.SecretName == secret && Excludes(credential, other.Credential)).Server;
            var taken = OwnerBeside(organisation, server.Name, credential) ?? (earlier.Value is null ? null : earlier);
            coming.Add((server.Name, credential));
            var path = credential is UpstreamCredential.Foreign ? "spec.credential.at.secret" : "spec.credential.secret";
            if (taken is { } other) yield return new FieldError($"documents[{i}].{path}", "secret_in_use", InUse(secret, other));
        }
    }

    /// <summary>The server that keeps this one from being shown the secret; null where none does.</summary>
    internal ServerName? OwnerBeside(OrganisationId organisation, ServerName server, UpstreamCredential credential) =>
        credential.SecretName is not { } secret ? null : UsesOf(organisation, secret).Where(use => use.Server != server && Excludes(credential, use.Credential))
            .OrderBy(use => use.Server.Value, StringComparer.Ordinal).Select(use => (ServerName?)use.Server).FirstOrDefault();

    internal static string InUse(string secret, ServerName other) =>
        $"The secret {secret} already serves {other}. Each server has a secret of its own, unless the files of all that it serves say mode: shared.";

    /// <summary>One word alone does not share what another server was given as its own.</summary>
    private static bool Excludes(UpstreamCredential one, UpstreamCredential other) =>
        one is not UpstreamCredential.Shared || other is not UpstreamCredential.Shared;

    private IEnumerable<(ServerName Server, UpstreamCredential Credential)> UsesOf(OrganisationId organisation, string secret) =>
        from server in configuration.Servers(organisation)
        where server.State != Lifecycle.Retired
        from version in new[] { server.Approved, server.Pending }
        let used = version?.Manifest.Credential
        where used?.SecretName == secret
        select (server.Name, used);
}
