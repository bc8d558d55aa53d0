using Symbolon.Client.Http;

namespace Symbolon.Client.Credentials;

/// <summary>
/// The server's own token, refreshed ahead of its end: between two thirds and four fifths of its life, so that many instances do not come at once. While one
/// refresh is under way, and while refreshing fails, the old token serves as long as it is valid.
/// </summary>
/// <param name="random">From 0 to 1.</param>
internal sealed class OwnToken(Func<CancellationToken, Task<TokenAnswer>> ask, TimeProvider clock, Func<double> random)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestAskedPause = TimeSpan.FromMinutes(5);

    /// <summary>A younger token is not thrown away because an API does not like it: that would be a request to Symbolon for each refused call.</summary>
    private static readonly TimeSpan LeastAgeToForget = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private IssuedToken? current;
    private double refreshAt;
    private Task<TokenAnswer>? underway;
    private SymbolonAnswer.Failed? failure;
    private long failedAt;
    private TimeSpan pause;
    private int failures;

    /// <exception cref="SymbolonException">There is none: none valid, and none to be had.</exception>
    public async ValueTask<IssuedToken> GetAsync(CancellationToken cancellation)
    {
        Task<TokenAnswer> asked;
        lock (gate)
        {
            var mayAsk = failure is null || clock.GetElapsedTime(failedAt) >= pause;
            if (current is { } token && token.IsUsable(clock))
            {
                if (underway is null && mayAsk && token.Age(clock) >= token.Life * refreshAt) Start();
                return token;
            }
            if (underway is null)
            {
                if (!mayAsk) throw failure!.ToException();
                Start();
            }
            asked = underway!;
        }
        return await asked.WaitAsync(cancellation) switch
        {
            TokenAnswer.Granted granted => granted.Token,
            TokenAnswer.Refused refused => throw refused.Why.ToException(),
            _ => throw new InvalidOperationException("No such answer."),
        };
    }

    /// <summary>The API does not take this token: it was revoked, or the server's scope has changed. The next call asks for another.</summary>
    /// <returns>Whether there is a point in trying again.</returns>
    public bool Forget(string text)
    {
        lock (gate)
        {
            if (current is null || current.Text != text) return current is null || current.IsUsable(clock);
            if (current.Age(clock) < LeastAgeToForget) return false;
            current = null;
            return true;
        }
    }

    // Within the lock. Nobody's cancellation ends it: others wait for it too.
    private void Start()
    {
        underway = Task.Run(AskAsync);
    }

    private async Task<TokenAnswer> AskAsync()
    {
        TokenAnswer answer;
        try
        {
            answer = await ask(CancellationToken.None);
        }
        catch (Exception fault)
        {
            // The next one shall be able to try.
            answer = new TokenAnswer.Refused(new SymbolonAnswer.Failed("unreachable", $"No token could be asked for: {fault.GetType().Name}.", RetryAfter: null));
        }
        lock (gate)
        {
            underway = null;
            if (answer is TokenAnswer.Granted granted)
            {
                current = granted.Token;
                refreshAt = 2.0 / 3 + random() * (4.0 / 5 - 2.0 / 3);
                (failure, failures) = (null, 0);
            }
            else if (answer is TokenAnswer.Refused refused)
            {
                failure = refused.Why;
                failedAt = clock.GetTimestamp();
                pause = PauseFor(refused.Why);
            }
        }
        return answer;
    }

    private TimeSpan PauseFor(SymbolonAnswer.Failed why)
    {
        var longest = Math.Min(LongestPause.TotalSeconds, FirstPause.TotalSeconds * Math.Pow(2, failures++));
        var own = TimeSpan.FromSeconds(longest * (0.5 + random() / 2));
        return why.RetryAfter is not { } asked || asked < own ? own : asked < LongestAskedPause ? asked : LongestAskedPause;
    }
}
