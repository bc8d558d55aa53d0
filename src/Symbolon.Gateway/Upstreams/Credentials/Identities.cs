using System.Collections.Concurrent;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Registry;

namespace Symbolon.Gateway.Upstreams.Credentials;

/// <summary>Puts who asks beside what a server is shown, where its file wants to be told (<c>spec.upstream.identity</c>). DESIGN.md section 4, Identities on the way.</summary>
internal sealed class Identities(IIdentityTokens mint, IPublicOrigins origins)
{
    private const int MostKept = 4096;

    private readonly ConcurrentDictionary<(OrganisationId, ServerName, int), ShownIdentity> own = new();

    /// <summary>For a request of a caller.</summary>
    /// <param name="tool">The one that is called; null for any other request.</param>
    public CredentialHeader Beside(CredentialHeader shown, Upstream upstream, TokenRecord caller, ToolName? tool)
    {
        if (shown is CredentialHeader.Unusable || upstream.Manifest.IdentityHeader is not { } header) return shown;
        var identity = new ShownIdentity(header, () => Issue(upstream.Organisation, upstream.Name, upstream.Manifest, caller, tool));
        return identity.TryPrepare() ? new CredentialHeader.Identified(shown, identity) : CredentialHeader.NoKey;
    }

    /// <summary>For what the gateway asks for itself. Always the same one for a version of a server, whatever token it shows at the moment.</summary>
    public CredentialHeader BesideOwn(CredentialHeader shown, OrganisationId organisation, ServerName server, int number, ServerManifest manifest)
    {
        if (shown is CredentialHeader.Unusable || manifest.IdentityHeader is not { } header) return shown;
        if (own.Count >= MostKept) own.Clear();
        return new CredentialHeader.Identified(shown, own.GetOrAdd((organisation, server, number), _ => new ShownIdentity(header, () => Issue(organisation, server, manifest, null, null))));
    }

    private string? Issue(OrganisationId organisation, ServerName server, ServerManifest manifest, TokenRecord? caller, ToolName? tool) =>
        origins.Primary is { } issuer ? mint.Issue(new IdentityOrder(organisation, issuer, server, manifest.Upstream.Endpoint!.OriginalString) { Caller = caller, Tool = tool }) : null;
}
