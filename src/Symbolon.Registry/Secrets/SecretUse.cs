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
            if (documents[i] is not Document.Server { Manifest.Credential: { } credential } server) continue;
            var taken = Among(UsesOf(organisation), server.Name, credential) ?? Among(coming, server.Name, credential);
            coming.Add((server.Name, credential));
            if (taken is not { } other) continue;
            var path = credential is not UpstreamCredential.Foreign ? "secret" : other.Credential.SecretName == credential.SecretName && credential.SecretName is not null ? "at.secret" : "at.client";
            yield return new FieldError($"documents[{i}].spec.credential.{path}", "secret_in_use", InUse(credential, other));
        }
    }

    /// <summary>Why another server keeps this one from being shown what its file says; null where none does.</summary>
    internal string? TakenBeside(OrganisationId organisation, ServerName server, UpstreamCredential credential) =>
        Among(UsesOf(organisation), server, credential) is { } other ? InUse(credential, other) : null;

    private static (ServerName Server, UpstreamCredential Credential)? Among(IEnumerable<(ServerName Server, UpstreamCredential Credential)> uses, ServerName server, UpstreamCredential credential) =>
        // Most servers are shown nothing that could be another's: for them nobody is looked at.
        credential is not ({ SecretName: not null } or UpstreamCredential.Foreign) ? null : uses.Where(use => use.Server != server && (SharesSecret(credential, use.Credential) || SharesClient(credential, use.Credential)))
            .OrderBy(use => use.Server.Value, StringComparer.Ordinal).Select(use => ((ServerName, UpstreamCredential)?)use).FirstOrDefault();

    private static string InUse(UpstreamCredential credential, (ServerName Server, UpstreamCredential Credential) other) => SharesSecret(credential, other.Credential)
        ? $"The secret {credential.SecretName} already serves {other.Server}. Each server has a secret of its own, unless the files of all that it serves say mode: shared."
        : $"The client {((UpstreamCredential.Foreign)credential).Client} at that token endpoint already serves {other.Server}. Each server has a client of its own there: it is what its tokens are given to.";

    private static bool SharesSecret(UpstreamCredential one, UpstreamCredential other) => one.SecretName is { } secret && other.SecretName == secret && Excludes(one, other);

    /// <summary>Where our signature stands for a secret, the client's name at the other side is all that tells servers apart.</summary>
    private static bool SharesClient(UpstreamCredential one, UpstreamCredential other) =>
        one is UpstreamCredential.Foreign at && other is UpstreamCredential.Foreign there && at.Client == there.Client && at.TokenEndpoint == there.TokenEndpoint;

    /// <summary>One word alone does not share what another server was given as its own.</summary>
    private static bool Excludes(UpstreamCredential one, UpstreamCredential other) =>
        one is not UpstreamCredential.Shared || other is not UpstreamCredential.Shared;

    private IEnumerable<(ServerName Server, UpstreamCredential Credential)> UsesOf(OrganisationId organisation, string secret) =>
        UsesOf(organisation).Where(use => use.Credential.SecretName == secret);

    private IEnumerable<(ServerName Server, UpstreamCredential Credential)> UsesOf(OrganisationId organisation) =>
        from server in configuration.Servers(organisation)
        where server.State != Lifecycle.Retired
        from version in new[] { server.Approved, server.Pending }
        let used = version?.Manifest.Credential
        where used is { SecretName: not null } or UpstreamCredential.Foreign
        select (server.Name, used);
}
