using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using Symbolon.AuthorizationServer.Clients;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.Core;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Outbound;
using Symbolon.Jose.Keys;

namespace Symbolon.AuthorizationServer.Registration;

/// <summary>
/// Clients whose id is the address of their own metadata (draft-ietf-oauth-client-id-metadata-document). The document is fetched when it is needed
/// and kept as long as its server says, a minute to a day; what cannot be had or is wrong is not kept at all. One that is kept is fetched anew outside the ration
/// of strangers, once a minute at most: none of them can end its sign-in, nor keep alive what its owner took out of it. While its server does not answer, it
/// counts for as long again, an hour at most; never for a client that proves itself by its keys, which may be the ones that were taken out.
/// </summary>
internal sealed class MetadataDocuments(IFetch fetch, AuthorizationServerOptions options, TimeProvider clock) : IClientSource
{
    private const string Scheme = "https://";

    /// <summary>The draft recommends 5 KB.</summary>
    private const int MostBytes = 8 * 1024;
    private const int MostKept = 1000;
    private const long Minute = 60_000_000;
    private const long Hour = 60 * Minute;
    private const long Day = 24 * Hour;
    private const long Usual = 5 * Minute;

    private static readonly OAuthError NotNow = OAuthError.TemporarilyUnavailable("The metadata of this client cannot be fetched now.");

    private readonly ConcurrentDictionary<string, Kept> kept = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Task<OAuthOutcome<RegisteredClient>>> underWay = new(StringComparer.Ordinal);
    private readonly FetchRation ration = new(clock);

    public bool Has(ClientId id) => id.Value.StartsWith(Scheme, StringComparison.Ordinal);

    public async ValueTask<OAuthOutcome<RegisteredClient>> FindAsync(OrganisationId organisation, ClientId id, IPAddress? peer, CancellationToken cancellation)
    {
        if (!options.MetadataDocuments || AddressOf(id.Value) is not { } address) return ClientDirectory.Unknown;
        var now = clock.Microseconds();
        if (kept.TryGetValue(id.Value, out var known) && known.FreshUntil > now) return known.Client;
        if (known is null || known.UsableUntil <= now) return await FetchOnceAsync(id, address, () => ration.TryEnter(peer)).WaitAsync(cancellation);
        if (!known.MayTry(now)) return known.Client;
        var found = await FetchOnceAsync(id, address, () => Unrationed.Instance).WaitAsync(cancellation);
        return found.Failed(out var why, out _) && why == NotNow ? known.Client : found;
    }

    /// <summary>Whoever wants the same document at the same time waits for the same fetch, which nobody who leaves ends.</summary>
    private Task<OAuthOutcome<RegisteredClient>> FetchOnceAsync(ClientId id, Uri address, Func<IDisposable?> enter)
    {
        if (underWay.TryGetValue(id.Value, out var flight)) return flight;
        if (enter() is not { } place) return Task.FromResult<OAuthOutcome<RegisteredClient>>(NotNow);
        var mine = new TaskCompletionSource<OAuthOutcome<RegisteredClient>>(TaskCreationOptions.RunContinuationsAsynchronously);
        flight = underWay.GetOrAdd(id.Value, mine.Task);
        if (flight == mine.Task) _ = RunAsync();
        else place.Dispose();
        return flight;

        async Task RunAsync()
        {
            try
            {
                mine.SetResult(await FetchAsync(id, address, CancellationToken.None));
            }
            catch (Exception e)
            {
                mine.SetException(e);
            }
            finally
            {
                underWay.TryRemove(id.Value, out _);
                place.Dispose();
            }
        }
    }

    /// <summary>A https address with a path, in the one spelling that nobody would change, without fragment, user, or dot segments.</summary>
    private Uri? AddressOf(string id)
    {
        if (id.Length > ClientId.MostLength || !System.Text.Ascii.IsValid(id) || id.Contains('#', StringComparison.Ordinal) || id.Contains('\\', StringComparison.Ordinal)) return null;
        if (!Uri.TryCreate(id, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttps || address.AbsoluteUri != id) return null;
        if (address.UserInfo.Length > 0 || address.AbsolutePath.Length < 2 || address.AbsolutePath.Contains("%2e", StringComparison.OrdinalIgnoreCase) || address.Host.EndsWith('.')) return null;
        return options.MetadataHosts.Count == 0 || options.MetadataHosts.Contains(address.Host, StringComparer.OrdinalIgnoreCase) ? address : null;
    }

    private async Task<OAuthOutcome<RegisteredClient>> FetchAsync(ClientId id, Uri address, CancellationToken cancellation)
    {
        var found = await ReadAsync(id, address, cancellation);
        // What its server says that it is not, it is no longer.
        if (found.Failed(out var why, out _) && why != NotNow) kept.TryRemove(id.Value, out _);
        return found;
    }

    private async Task<OAuthOutcome<RegisteredClient>> ReadAsync(ClientId id, Uri address, CancellationToken cancellation)
    {
        var now = clock.Microseconds();
        var answer = await fetch.GetJsonAsync(address, MostBytes, cancellation);
        if (answer is FetchAnswer.Unreachable) return NotNow;
        if (answer is not FetchAnswer.Found found) return ClientDirectory.Unknown;
        var (metadata, _) = ClientMetadata.Read(found.Body.Span);
        if (metadata is not { Name: { } name } || metadata.Id != id.Value || metadata.Method is not (null or "none" or ClientAssertion.Method)) return ClientDirectory.Unknown;
        ImmutableArray<Jwk> keys = [];
        if (metadata.Method == ClientAssertion.Method)
        {
            var (read, isUnreachable) = await KeysOfAsync(metadata, cancellation);
            if (isUnreachable) return NotNow;
            if (read is not { IsEmpty: false }) return ClientDirectory.Unknown;
            keys = read.Value;
        }
        var client = new RegisteredClient { Id = id, Name = name, Redirects = metadata.Redirects, Keys = keys, MustProveKey = metadata.MustProveKey, MustPush = metadata.MustPush };
        Keep(client, now, found.MaxAge);
        return client;
    }

    private async Task<(ImmutableArray<Jwk>? Keys, bool IsUnreachable)> KeysOfAsync(ClientMetadata metadata, CancellationToken cancellation)
    {
        if (metadata.Keys is { } inside) return (inside, false);
        if (metadata.KeysUri is not { } text || !Uri.TryCreate(text, UriKind.Absolute, out var address)) return (null, false);
        return await fetch.GetJsonAsync(address, JwkSet.MostBytes, cancellation) switch
        {
            FetchAnswer.Found found when JwkSet.Parse(found.Body.Span, out var set) == Jose.JoseError.None => ([.. set!.Keys], false),
            FetchAnswer.Unreachable => (null, true),
            _ => (null, false),
        };
    }

    private void Keep(RegisteredClient client, long now, TimeSpan? maxAge)
    {
        if (kept.Count >= MostKept)
        {
            foreach (var (id, entry) in kept.OrderBy(pair => pair.Value.FreshUntil))
                if (entry.UsableUntil <= now || kept.Count >= MostKept) kept.TryRemove(id, out _);
        }
        var fresh = Math.Clamp(maxAge is { } age ? (long)age.TotalMicroseconds : Usual, Minute, Day);
        kept[client.Id.Value] = new Kept(client, now + fresh, now + fresh + (client.Keys.IsEmpty ? Math.Min(fresh, Hour) : 0));
    }

    /// <param name="FreshUntil">Until then it is not asked for again.</param>
    /// <param name="UsableUntil">Until then it counts while it cannot be had.</param>
    private sealed record Kept(RegisteredClient Client, long FreshUntil, long UsableUntil)
    {
        private long tried;

        /// <summary>Whether it is time to ask for it again; who hears so is the one who asks.</summary>
        public bool MayTry(long now)
        {
            var last = Interlocked.Read(ref tried);
            return now - last >= Minute && Interlocked.CompareExchange(ref tried, now, last) == last;
        }
    }

    private sealed class Unrationed : IDisposable
    {
        public static readonly Unrationed Instance = new();

        public void Dispose()
        {
        }
    }
}
