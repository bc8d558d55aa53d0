using System.Collections.Concurrent;
using System.Collections.Immutable;
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
/// and kept as long as its server says, a minute to a day; what cannot be had or is wrong is not kept at all.
/// </summary>
internal sealed class MetadataDocuments(IFetch fetch, AuthorizationServerOptions options, TimeProvider clock) : IClientSource
{
    private const string Scheme = "https://";

    /// <summary>The draft recommends 5 KB.</summary>
    private const int MostBytes = 8 * 1024;
    private const int MostKept = 1000;
    private const int MostAtOnce = 8;

    /// <summary>Fetches that strangers may cause in a minute.</summary>
    private const int MostInMinute = 120;
    private const long Minute = 60_000_000;
    private const long Day = 24 * 60 * Minute;
    private const long Usual = 5 * Minute;

    private static readonly OAuthError NotNow = OAuthError.TemporarilyUnavailable("The metadata of this client cannot be fetched now.");

    private readonly ConcurrentDictionary<string, (RegisteredClient Client, long Until)> kept = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private int underWay, inMinute;
    private long minuteStarted;

    public bool Has(ClientId id) => id.Value.StartsWith(Scheme, StringComparison.Ordinal);

    public async ValueTask<OAuthOutcome<RegisteredClient>> FindAsync(OrganisationId organisation, ClientId id, CancellationToken cancellation)
    {
        if (!options.MetadataDocuments || AddressOf(id.Value) is not { } address) return ClientDirectory.Unknown;
        var now = clock.Microseconds();
        if (kept.TryGetValue(id.Value, out var known) && known.Until > now) return known.Client;
        if (!TryBegin(now)) return NotNow;
        try
        {
            return await FetchAsync(id, address, now, cancellation);
        }
        finally
        {
            lock (gate) underWay--;
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

    private async Task<OAuthOutcome<RegisteredClient>> FetchAsync(ClientId id, Uri address, long now, CancellationToken cancellation)
    {
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
        var client = new RegisteredClient { Id = id, Name = name, Redirects = metadata.Redirects, Keys = keys, MustProveKey = metadata.MustProveKey };
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
            foreach (var (id, entry) in kept)
                if (entry.Until <= now || kept.Count >= MostKept) kept.TryRemove(id, out _);
        }
        kept[client.Id.Value] = (client, now + Math.Clamp(maxAge is { } age ? (long)age.TotalMicroseconds : Usual, Minute, Day));
    }

    private bool TryBegin(long now)
    {
        lock (gate)
        {
            if (now - minuteStarted >= Minute || now < minuteStarted) (minuteStarted, inMinute) = (now, 0);
            if (underWay >= MostAtOnce || inMinute >= MostInMinute) return false;
            underWay++;
            inMinute++;
            return true;
        }
    }
}
