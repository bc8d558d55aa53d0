namespace Symbolon.Client.Credentials;

/// <summary>A token that is bound to the instance's key. Never logged, and in no file but the one that a sidecar is told to write.</summary>
/// <param name="askedAt">Timestamp of the request for it: its life counts from there, whatever the wall clock does.</param>
internal sealed class IssuedToken(string text, TimeSpan life, long askedAt)
{
    private static readonly TimeSpan MostMargin = TimeSpan.FromSeconds(5);

    public string Text => text;

    public TimeSpan Life => life;

    /// <summary><c>scope</c> as Symbolon answered; null where it named none.</summary>
    public string? Scope { get; init; }

    /// <summary><c>authorization_details</c>, the array as Symbolon wrote it; null for none.</summary>
    public string? Details { get; init; }

    public TimeSpan Age(TimeProvider clock) => clock.GetElapsedTime(askedAt);

    /// <summary>Whether a call that is made with it now arrives before its end.</summary>
    public bool IsUsable(TimeProvider clock) => Age(clock) < life - (life / 10 < MostMargin ? life / 10 : MostMargin);
}
