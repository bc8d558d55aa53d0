using System.Collections.Concurrent;

namespace Symbolon.Client.Http;

/// <summary>The last nonce that each server gave us for our proofs (RFC 9449 §8.2, §9).</summary>
internal sealed class NonceMemory
{
    private const int MostServers = 64;
    private const int MostLength = 256;

    private readonly ConcurrentDictionary<string, string> nonces = new(StringComparer.OrdinalIgnoreCase);

    public string? Find(Uri url) => nonces.GetValueOrDefault(OriginOf(url));

    /// <param name="nonce">Null, or what cannot be one, changes nothing.</param>
    public void Keep(Uri url, string? nonce)
    {
        if (nonce is null or { Length: 0 or > MostLength }) return;
        var origin = OriginOf(url);
        if (nonces.Count >= MostServers && !nonces.ContainsKey(origin)) nonces.Clear();
        nonces[origin] = nonce;
    }

    private static string OriginOf(Uri url) => url.GetLeftPart(UriPartial.Authority);
}
