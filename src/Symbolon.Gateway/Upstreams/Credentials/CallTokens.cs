using System.Collections.Concurrent;
using Symbolon.Core;
using Symbolon.Core.Identity;
using Symbolon.Core.Keys;
using Symbolon.Core.OAuth;
using Symbolon.Core.Resources;
using Symbolon.Core.Snapshot;

namespace Symbolon.Gateway.Upstreams.Credentials;

/// <summary>
/// The tokens that servers in mode exchange are shown: of this node's making, for one server, bound to this node's key, for at most five minutes. One for a call
/// names the caller's whole chain, one tool, and the resources that the arguments of this call lead to; the same call is shown the same one while it is good.
/// DESIGN.md section 4, Identities on the way.
/// </summary>
internal sealed class CallTokens(ICallTokens mint, NodeKey key, Configuration configuration, IPublicOrigins origins, TimeProvider clock)
{
    private const int MostKept = 4096;

    /// <summary>Microseconds.</summary>
    private const long Life = 300_000_000;

    /// <summary>A server may exchange its token while it works: one with less left, in microseconds, is not shown to another call.</summary>
    private const long LeastRest = 60_000_000;

    private readonly ConcurrentDictionary<Place, Kept> kept = new();
    private readonly ConcurrentDictionary<(OrganisationId, ServerName, int), CredentialHeader> own = new();

    /// <summary>For a request of a caller.</summary>
    /// <param name="tool">The one that is called; null for any other request.</param>
    /// <param name="needs">What the call needs behind the server; null for nothing that anybody has said.</param>
    /// <param name="now">Microseconds since the Unix epoch.</param>
    public CredentialHeader For(Upstream upstream, TokenRecord caller, ToolName? tool, ResourceSet? needs, long now)
    {
        return OrderFor(upstream) is { } order && Token(new Place(upstream.Organisation, caller.Id, upstream.Name, upstream.ManifestNumber, tool, needs?.ToString()), order with { Caller = caller, Tool = tool, Needs = needs }, Math.Min(now + Life, caller.ExpiresAt), now) is { } token
            ? new CredentialHeader.Issued(() => token, key) { Secret = token.Bytes } : CredentialHeader.NoKey;
    }

    /// <summary>For what the gateway asks for itself: nobody's call. Always the same one for a version of a server, whatever token it shows at the moment.</summary>
    public CredentialHeader ForGateway(Upstream upstream)
    {
        var at = (upstream.Organisation, upstream.Name, upstream.ManifestNumber);
        if (own.TryGetValue(at, out var known)) return known;
        if (own.Count >= MostKept) own.Clear();
        return own.GetOrAdd(at, _ => new CredentialHeader.Issued(() => OwnToken(upstream), key));
    }

    private IssuedToken? OwnToken(Upstream upstream)
    {
        var now = clock.Microseconds();
        return OrderFor(upstream) is { } order ? Token(new Place(upstream.Organisation, null, upstream.Name, upstream.ManifestNumber, null, null), order, now + Life, now) : null;
    }

    private CallTokenOrder? OrderFor(Upstream upstream) =>
        origins.Primary is { } issuer ? new(upstream.Organisation, issuer, upstream.Name, upstream.Url.OriginalString, key.Thumbprint) : null;

    private IssuedToken? Token(Place place, CallTokenOrder order, long expiresAt, long now)
    {
        // Another ring: the key that signed it may be withdrawn.
        var ring = configuration.SigningKeys(order.Organisation);
        if (kept.TryGetValue(place, out var known) && ReferenceEquals(known.Ring, ring) && known.Token.ExpiresAt - now >= LeastRest) return known.Token;
        if (mint.Issue(order) is not { } text) return null;
        var fresh = new IssuedToken(text, expiresAt);
        if (kept.Count >= MostKept) kept.Clear();
        kept[place] = new Kept(fresh, ring);
        return fresh;
    }

    /// <param name="Caller">Null for the gateway itself.</param>
    private readonly record struct Place(OrganisationId Organisation, TokenId? Caller, ServerName Server, int Manifest, ToolName? Tool, string? Details);

    private sealed record Kept(IssuedToken Token, SigningKeyRing Ring);
}
