namespace Symbolon.Core.Outbound;

/// <summary>
/// Fetches small public documents that strangers name: metadata and keys of clients and of foreign issuers. Over https on port 443 alone, from public addresses alone (but for
/// hosts that the operator named; of those, one on loopback with its port over http too), without redirects, cookies, credentials or decompression, under bounds on size and time. DESIGN.md section 5, promise 5.
/// </summary>
public interface IFetch
{
    /// <param name="mostBytes">A longer document is none.</param>
    /// <returns>Never throws for anything that the other side does.</returns>
    Task<FetchAnswer> GetJsonAsync(Uri url, int mostBytes, CancellationToken cancellation);
}

/// <summary>What came of fetching a document.</summary>
public abstract record FetchAnswer
{
    private FetchAnswer() { }

    /// <param name="MaxAge">How long it may be kept, as its server says; null where it says nothing.</param>
    public sealed record Found(ReadOnlyMemory<byte> Body, TimeSpan? MaxAge) : FetchAnswer;

    /// <summary>Its server has answered that it is none: no such document, another status, too long.</summary>
    public sealed record Refused : FetchAnswer;

    /// <summary>
    /// It cannot be had now: no connection, no answer in time, an error of the other side, or an address or a port that must not be asked. These are alike, so
    /// that a stranger who names an address does not learn which it was.
    /// </summary>
    public sealed record Unreachable : FetchAnswer;
}
