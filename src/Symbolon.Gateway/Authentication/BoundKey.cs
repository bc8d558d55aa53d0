using Symbolon.Jose;
using Symbolon.Jose.Proofs;

namespace Symbolon.Gateway.Authentication;

/// <summary>What a proof that comes with a bound token is compared with. Shared by all requests that show the token.</summary>
/// <param name="key">Thumbprint of the key: the token's <c>cnf.jkt</c>.</param>
/// <param name="token">SHA-256 of the token: the proof's <c>ath</c>.</param>
internal sealed class BoundKey(Sha256Value key, Sha256Value token)
{
    private volatile Place? last;

    public Sha256Value Key => key;

    public Sha256Value Token => token;

    /// <summary>The address that the proof must name. A client keeps to one, so the last one is kept.</summary>
    public ProofTarget TargetAt(string origin, string server)
    {
        if (last is { } known && ReferenceEquals(known.Origin, origin) && string.Equals(known.Server, server, StringComparison.Ordinal)) return known.Target;
        var target = ProofTarget.Of($"{origin}/mcp/{server}");
        last = new Place(origin, server, target);
        return target;
    }

    private sealed record Place(string Origin, string Server, ProofTarget Target);
}
