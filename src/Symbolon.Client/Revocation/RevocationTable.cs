using System.Collections.Concurrent;
using System.Text;
using Symbolon.Client.Tokens;
using Symbolon.Jose;

namespace Symbolon.Client.Revocation;

/// <summary>
/// What was revoked, by the hashes that the feed sends. Epochs only grow stricter here, whatever comes, until the longest token that they could end is over anyway.
/// </summary>
internal sealed class RevocationTable(TimeProvider clock)
{
    /// <summary>Of epochs and of what is not active, each.</summary>
    public const int Most = 200_000;

    /// <summary>The longest life of a token, and some: what Symbolon itself stops to send.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromHours(4) + TimeSpan.FromMinutes(2);

    private static readonly string[] HolderLevels = ["user", "agent", "workflow", "server"];

    private readonly ConcurrentDictionary<Sha256Value, Epoch> epochs = new();
    private volatile HashSet<Sha256Value> inactive = [];

    /// <summary>base64url of SHA-256 over the level, a line feed and the target.</summary>
    public static Sha256Value HashOf(string level, string target) => Sha256Value.Of(Encoding.UTF8.GetBytes($"{level}\n{target}"));

    /// <param name="notBefore">Microseconds since the Unix epoch: whatever was issued then or earlier is dead.</param>
    /// <returns>False when there is no room, and so not everything is known any more.</returns>
    public bool Raise(Sha256Value target, long notBefore)
    {
        epochs.AddOrUpdate(target, (_, arg) => arg, (_, known, arg) => known.NotBefore >= arg.NotBefore ? known : arg, new Epoch(notBefore, clock.GetTimestamp()));
        return epochs.Count <= Most || Sweep();
    }

    /// <summary>Agents, workflows and servers that are suspended or retired, all of them.</summary>
    public void SetInactive(HashSet<Sha256Value> all) => inactive = all;

    public bool AddInactive(Sha256Value target)
    {
        inactive = [.. inactive, target];
        return inactive.Count <= Most;
    }

    public void RemoveInactive(Sha256Value target) => inactive = [.. inactive.Where(each => each != target)];

    public bool IsRevoked(TokenContent token)
    {
        var (chain, caller) = (token.Chain, token.Caller);
        if (Kills("token", caller.TokenId, token.IssuedAt) || Kills("key", token.SignedBy, token.IssuedAt)) return true;
        // As in Symbolon: what was made with them later, on a node that had not heard of it yet, is as dead.
        if (WasEverRevoked("token", caller.OriginTokenId) || WasEverRevoked("key", token.Key.ToString())) return true;
        if (Kills("organisation", OrganisationOf(token.Claims.Issuer!), token.Since)) return true;
        if (Kills("client", caller.ClientId, token.Since) || Kills("client", caller.OriginClientId, token.Since) || Kills("authorization", caller.AuthorizationId, token.Since)) return true;
        // Everybody in the chain: of people the subject alone, since nobody else acts as a person.
        return chain.All.Any(name => IsRevoked(name, token));
    }

    private bool IsRevoked(string name, TokenContent token)
    {
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0) return Kills("user", name, token.Since);
        var (level, target) = (name[..colon], name[(colon + 1)..]);
        if (!HolderLevels.Contains(level, StringComparer.Ordinal)) return false;
        if (level == "server" && (Kills("credential", target, token.IssuedAt) || inactive.Contains(HashOf("credential", target)))) return true;
        // Of a server it ends what callers call it with; its own credential it has by its key.
        var isMeant = level != "server" || name != token.Chain.Subject;
        return (isMeant && Kills(level, target, token.Since)) || inactive.Contains(HashOf(level, target));
    }

    private bool Kills(string level, string? target, long issuedAt) =>
        target is not null && epochs.TryGetValue(HashOf(level, target), out var epoch) && issuedAt <= epoch.NotBefore;

    private bool WasEverRevoked(string level, string? target) => target is not null && epochs.ContainsKey(HashOf(level, target));

    private static string OrganisationOf(string issuer)
    {
        var mark = issuer.LastIndexOf("/o/", StringComparison.Ordinal);
        return mark < 0 ? "default" : issuer[(mark + 3)..];
    }

    private bool Sweep()
    {
        foreach (var (target, epoch) in epochs)
            if (clock.GetElapsedTime(epoch.HeardAt) >= Kept) epochs.TryRemove(target, out _);
        return epochs.Count <= Most;
    }

    private readonly record struct Epoch(long NotBefore, long HeardAt);
}
