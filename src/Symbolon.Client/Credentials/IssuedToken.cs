namespace Symbolon.Client.Credentials;

/// <summary>A token that is bound to the instance's key. Never written anywhere.</summary>
/// <param name="askedAt">Timestamp of the request for it: its life counts from there, whatever the wall clock does.</param>
internal sealed class IssuedToken(string text, TimeSpan life, long askedAt)
{
    private static readonly TimeSpan MostMargin = TimeSpan.FromSeconds(5);

    public string Text => text;

    public TimeSpan Life => life;

    public TimeSpan Age(TimeProvider clock) => clock.GetElapsedTime(askedAt);

    /// <summary>Whether a call that is made with it now arrives before its end.</summary>
    public bool IsUsable(TimeProvider clock) => Age(clock) < life - (life / 10 < MostMargin ? life / 10 : MostMargin);
}
