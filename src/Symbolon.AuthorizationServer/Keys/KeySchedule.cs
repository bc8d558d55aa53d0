using Symbolon.Core.Keys;

namespace Symbolon.AuthorizationServer.Keys;

/// <summary>When keys begin to sign, when the next one is due, and how long one is kept. IDENTITY.md section 2, rule (a).</summary>
internal sealed class KeySchedule(AuthorizationServerOptions options)
{
    /// <summary>The longest life of a token, what nodes may lag behind when they sign, and the tolerance of clocks. The longest that can be set: a shorter one may have been longer before.</summary>
    private static readonly TimeSpan LongestToken = TimeSpan.FromHours(4) + TimeSpan.FromMinutes(1);

    /// <summary>Microseconds for which a retired key is shown.</summary>
    public static long Keep { get; } = (long)LongestToken.TotalMicroseconds;

    /// <summary>When a key that is made now begins to sign: at once where nothing signs, since then nobody can have cached a set without it and need it.</summary>
    public long ActiveFrom(SigningKeyRing ring, long now) =>
        ring.SignerAt(now) is null ? now : now + (long)options.Lead.TotalMicroseconds;

    /// <summary>Whether another key has to be made: none signs, or the youngest is old.</summary>
    public bool IsDue(SigningKeyRing ring, long now) =>
        ring.SignerAt(now) is null || ring.Keys.Where(key => !key.IsRevoked).Max(key => key.ActiveFrom) + (long)options.KeyRotation.TotalMicroseconds <= now;

    /// <summary>A key that is published and does not sign yet; null when there is none.</summary>
    public static SigningKey? Prepared(SigningKeyRing ring, long now) => ring.Keys.FirstOrDefault(key => ring.StateOf(key, now) == SigningKeyState.Prepared);

    /// <summary>The ring without keys that no living token was signed with. Revoked ones stay as long, so that it can be seen.</summary>
    public static SigningKeyRing Pruned(SigningKeyRing ring, long now)
    {
        var published = ring.PublishedAt(now, Keep).ToHashSet();
        return ring with { Keys = [.. ring.Keys.Where(key => published.Contains(key) || key.RevokedAt + Keep > now)] };
    }

    /// <summary>How often it is looked at.</summary>
    public TimeSpan Interval => TimeSpan.FromTicks(Math.Clamp(options.KeyRotation.Ticks / 10, TimeSpan.TicksPerSecond, TimeSpan.TicksPerMinute));

}
