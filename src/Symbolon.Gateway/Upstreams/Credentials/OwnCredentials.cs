using Symbolon.Core.Registry;

namespace Symbolon.Gateway.Upstreams.Credentials;

/// <summary>What the gateway shows an upstream when it asks for itself; what goes with a caller's request, whoever handles that finds.</summary>
internal sealed class OwnCredentials(UpstreamCredentials secrets, CallTokens tokens, ForeignTokens foreign, Identities identities)
{
    /// <summary>For what lasts: it is renewed on the way, and does not wait for that.</summary>
    /// <param name="now">Microseconds since the Unix epoch.</param>
    public CredentialHeader For(Upstream upstream, long now) => Beside(upstream, upstream.Manifest.Credential switch
    {
        UpstreamCredential.Exchange { File: null } => tokens.ForGateway(upstream),
        UpstreamCredential.Foreign => foreign.ForGateway(upstream, now),
        _ => secrets.For(upstream.Organisation, upstream.Manifest, now),
    });

    /// <summary>For what is sent now: waits for a token where there is none yet.</summary>
    public async ValueTask<CredentialHeader> FindAsync(Upstream upstream, long now, CancellationToken cancellation) => upstream.Manifest.Credential is UpstreamCredential.Foreign
        ? Beside(upstream, await foreign.FindAsync(upstream, caller: null, now, cancellation)) : For(upstream, now);

    private CredentialHeader Beside(Upstream upstream, CredentialHeader shown) => identities.BesideOwn(shown, upstream.Organisation, upstream.Name, upstream.ManifestNumber, upstream.Manifest);
}
