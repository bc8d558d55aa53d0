using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using Symbolon.Core;
using Symbolon.Core.Identity;
using Symbolon.Core.Outbound;
using Symbolon.Core.Registry;
using Symbolon.Jose;
using Symbolon.Jose.Keys;

namespace Symbolon.AuthorizationServer.Federation;

/// <summary>
/// The keys of foreign issuers: those of their files, or fetched ones, which are kept as long as their server says, a minute to an hour. A key that is not among them has them
/// fetched anew, once a minute at most, whoever sends tokens. While they cannot be had, the old ones count for a day; after that nobody gets in.
/// </summary>
internal sealed class IssuerKeys(IFetch fetch, TimeProvider clock)
{
    private const long Second = 1_000_000;
    private const long Minute = 60 * Second;
    private const long Hour = 60 * Minute;
    private const long Usual = 5 * Minute;
    private const long LongestOutage = 24 * Hour;

    /// <summary>Between tries while there are no keys at all.</summary>
    private const long FirstPause = 5 * Second;

    private readonly ConcurrentDictionary<(OrganisationId, IssuerName), Kept> kept = new();
    private readonly ConditionalWeakTable<IssuerObject, JwkSet> given = [];
    private readonly VerificationKeyCache imported = new(capacity: 1024);

    /// <returns>The key, null where the issuer has none such; and whether its keys cannot be had at this moment.</returns>
    public async ValueTask<(VerificationKey? Key, bool IsUnreachable)> FindAsync(OrganisationId organisation, IssuerObject issuer, string? keyId, JwsAlgorithm algorithm, CancellationToken cancellation)
    {
        if (!issuer.Keys.IsEmpty) return (Of(given.GetValue(issuer, static each => ReadGiven(each)), keyId, algorithm), false);
        var keys = KeptOf(organisation, issuer);
        var now = clock.Microseconds();
        if (!(keys.Found?.FreshUntil > now)) await keys.RefreshAsync(now, keys.Found is null ? FirstPause : Minute, () => ReadAsync(issuer)).WaitAsync(cancellation);
        if (Usable(keys) is not { } set) return (null, true);
        if (Of(set, keyId, algorithm) is { } found) return (found, false);
        await keys.RefreshAsync(now, Minute, () => ReadAsync(issuer)).WaitAsync(cancellation);
        return Usable(keys) is { } newer ? (Of(newer, keyId, algorithm), false) : (null, true);
    }

    private JwkSet? Usable(Kept keys) => keys.Found is { } found && clock.Microseconds() - found.At < LongestOutage ? found.Set : null;

    private VerificationKey? Of(JwkSet set, string? keyId, JwsAlgorithm algorithm) => set.Find(keyId, algorithm) is { } jwk ? imported.Get(jwk) : null;

    private static JwkSet ReadGiven(IssuerObject issuer) =>
        JwkSet.Parse(Encoding.UTF8.GetBytes($"{{\"keys\":[{string.Join(',', issuer.Keys)}]}}"), out var set) == JoseError.None ? set! : throw new InvalidOperationException("Keys were read when they came in.");

    /// <summary>Keys that came from somewhere else than the file now says are another's.</summary>
    private Kept KeptOf(OrganisationId organisation, IssuerObject issuer)
    {
        var place = (issuer.Issuer, issuer.KeysUri);
        return kept.AddOrUpdate((organisation, issuer.Name), _ => new Kept(place), (_, there) => there.Place == place ? there : new Kept(place));
    }

    private async Task<Fetched?> ReadAsync(IssuerObject issuer)
    {
        var address = issuer.KeysUri is { } named ? new Uri(named) : await IssuerMetadata.KeysAddressAsync(fetch, issuer.Issuer!);
        if (address is null || await fetch.GetJsonAsync(address, JwkSet.MostBytes, CancellationToken.None) is not FetchAnswer.Found found) return null;
        if (JwkSet.Parse(found.Body.Span, out var set) != JoseError.None) return null;
        var now = clock.Microseconds();
        return new Fetched(set!, now, now + Math.Clamp(found.MaxAge is { } age ? (long)age.TotalMicroseconds : Usual, Minute, Hour));
    }

    private sealed record Fetched(JwkSet Set, long At, long FreshUntil);

    /// <param name="place">Where they are from.</param>
    private sealed class Kept((string?, string?) place)
    {
        private readonly Lock gate = new();
        private Task underWay = Task.CompletedTask;
        private long? triedAt;
        private volatile Fetched? found;

        public (string?, string?) Place => place;

        /// <summary>Null before the first time.</summary>
        public Fetched? Found => found;

        /// <summary>Asks for them, unless somebody did so less than a pause ago; whoever comes meanwhile waits for the same answer, which nobody who leaves ends.</summary>
        public Task RefreshAsync(long now, long pause, Func<Task<Fetched?>> read)
        {
            lock (gate)
            {
                if (!underWay.IsCompleted || (triedAt is { } last && now - last < pause && now >= last)) return underWay;
                triedAt = now;
                return underWay = ReadAsync(read);
            }
        }

        private async Task ReadAsync(Func<Task<Fetched?>> read)
        {
            await Task.Yield();
            if (await read() is { } fetched) found = fetched;
        }
    }
}
