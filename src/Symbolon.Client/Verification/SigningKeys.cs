using System.Net;
using Symbolon.Client.Http;
using Symbolon.Jose;
using Symbolon.Jose.Keys;

namespace Symbolon.Client.Verification;

/// <summary>
/// The keys that Symbolon signs with, from its JWKS. Kept for an hour at most, so that a key that was taken back does not live on here; fetched again after five
/// minutes behind the calls, and at once for a key that is not known, though not more often than every 30 seconds, whatever tokens are sent.
/// </summary>
internal sealed class SigningKeys(SymbolonAddress symbolon, HttpClient http, TimeProvider clock)
{
    private static readonly TimeSpan LeastPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestLife = TimeSpan.FromHours(1);

    /// <summary>While there are no keys at all, nothing can be served, and a second is pause enough.</summary>
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly VerificationKeyCache imported = new(capacity: 64);
    private Known? known;
    private Task? underway;
    private long? askedAt;

    /// <param name="id">The <c>kid</c> of a token, which anybody may have written.</param>
    public async ValueTask<KeyAnswer> FindAsync(string id, CancellationToken cancellation)
    {
        var now = Usable();
        if (now?.Find(id) is { } key)
        {
            if (now.Age(clock) >= Fresh) _ = TryStart();
            return Import(key);
        }
        if (TryStart() is { } fetch) await fetch.WaitAsync(cancellation);
        now = Usable();
        if (now is null) return new KeyAnswer.Unavailable();
        return now.Find(id) is { } found ? Import(found) : new KeyAnswer.Unknown();
    }

    private Known? Usable()
    {
        lock (gate) return known is { } kept && kept.Age(clock) < LongestLife ? kept : null;
    }

    private KeyAnswer Import(Jwk jwk) => imported.Get(jwk) is { } key ? new KeyAnswer.Found(key) : new KeyAnswer.Unknown();

    /// <returns>The fetch that is under way or was begun; null where it is too early for another.</returns>
    private Task? TryStart()
    {
        lock (gate)
        {
            if (underway is not null) return underway;
            var pause = known is { } kept && kept.Age(clock) < LongestLife ? LeastPause : FirstPause;
            if (askedAt is { } last && clock.GetElapsedTime(last) < pause) return null;
            askedAt = clock.GetTimestamp();
            return underway = Task.Run(FetchAsync);
        }
    }

    private async Task FetchAsync()
    {
        var at = clock.GetTimestamp();
        JwkSet? set = null;
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, symbolon.Keys);
            var answer = await SymbolonHttp.SendAsync(http, request, clock, CancellationToken.None);
            if (answer is { Status: HttpStatusCode.OK, Body: { } body } && JwkSet.Parse(body, out var read) == JoseError.None) set = read;
        }
        catch (Exception failure) when (failure is HttpRequestException or TimeoutException)
        {
            // What is known stays good for its time.
        }
        finally
        {
            lock (gate)
            {
                underway = null;
                if (set is not null) known = new Known(set, at);
            }
        }
    }

    private sealed record Known(JwkSet Set, long FetchedAt)
    {
        public TimeSpan Age(TimeProvider clock) => clock.GetElapsedTime(FetchedAt);

        public Jwk? Find(string id) => Set.Find(id, JwsAlgorithm.ES256);
    }
}

/// <summary>What is known of a key.</summary>
internal abstract record KeyAnswer
{
    private KeyAnswer() { }

    public sealed record Found(VerificationKey Key) : KeyAnswer;

    public sealed record Unknown : KeyAnswer;

    /// <summary>There are no keys that could be trusted, so nothing can be said about any token.</summary>
    public sealed record Unavailable : KeyAnswer;
}
