using Symbolon.Client.Keys;

namespace Symbolon.Client.Credentials;

/// <summary>A token that is bound to the instance's key. Never logged, and in no file but the one that a sidecar is told to write.</summary>
/// <param name="askedAt">Timestamp of the request for it: its life counts from there, whatever the wall clock does.</param>
/// <param name="key">What it is bound to: also when the instance has another key by now.</param>
internal sealed class IssuedToken(string text, TimeSpan life, long askedAt, InstanceKey key)
{
    private static readonly TimeSpan MostMargin = TimeSpan.FromSeconds(5);

    public string Text => text;

    public InstanceKey Key => key;

    /// <summary>When the key gets no more tokens, from the request on; null for no such time.</summary>
    public TimeSpan? KeyExpiresIn { get; init; }

    /// <summary>An administrator wants another key in the place of this one.</summary>
    public bool IsKeyOrdered { get; init; }

    public TimeSpan Life => life;

    /// <summary><c>scope</c> as Symbolon answered; null where it named none.</summary>
    public string? Scope { get; init; }

    /// <summary><c>authorization_details</c>, the array as Symbolon wrote it; null for none.</summary>
    public string? Details { get; init; }

    public TimeSpan Age(TimeProvider clock) => clock.GetElapsedTime(askedAt);

    /// <summary>Whether a call that is made with it now arrives before its end.</summary>
    public bool IsUsable(TimeProvider clock) => Age(clock) < life - (life / 10 < MostMargin ? life / 10 : MostMargin);
}
