using Symbolon.Core.Registry;

namespace Symbolon.Gateway.Upstreams.Credentials;

/// <summary>What the gateway shows an upstream when it asks for itself; what goes with a caller's request, whoever handles that finds.</summary>
internal sealed class OwnCredentials(UpstreamCredentials secrets, CallTokens tokens, Identities identities)
{
    /// <param name="now">Microseconds since the Unix epoch.</param>
    public CredentialHeader For(Upstream upstream, long now) => identities.BesideOwn(
        upstream.Manifest.Credential is UpstreamCredential.Exchange { File: null } ? tokens.ForGateway(upstream) : secrets.For(upstream.Organisation, upstream.Manifest, now),
        upstream.Organisation, upstream.Name, upstream.ManifestNumber, upstream.Manifest);
}
