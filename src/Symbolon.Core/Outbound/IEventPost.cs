namespace Symbolon.Core.Outbound;

/// <summary>
/// Posts security event tokens to addresses that administrators set (RFC 8935). Only public addresses are connected to, but for hosts that the operator named; without redirects, cookies,
/// credentials or decompression, under bounds on size and time. DESIGN.md section 5, promise 5.
/// </summary>
public interface IEventPost
{
    /// <returns>Never throws for anything that the other side does.</returns>
    Task<EventPostAnswer> SendAsync(Uri url, string token, CancellationToken cancellation);
}

/// <summary>What came of posting one token.</summary>
public abstract record EventPostAnswer
{
    private EventPostAnswer() { }

    /// <summary>The receiver has it (RFC 8935 §2.2).</summary>
    public sealed record Taken : EventPostAnswer;

    /// <summary>The receiver cannot use it, and will not (RFC 8935 §2.3).</summary>
    /// <param name="Error">Its error code, in the form of <see cref="EventError"/>.</param>
    public sealed record Refused(string Error) : EventPostAnswer;

    /// <param name="Why">For the operator: a few words, nothing that the other side said.</param>
    public sealed record Failed(string Why) : EventPostAnswer;
}

/// <summary>The error code by which a receiver says that it cannot use a token (RFC 8935 §2.4, RFC 8936 §2.6): kept only where it is one.</summary>
public static class EventError
{
    private const int MostLength = 64;

    /// <returns>The code, or <c>unreadable</c> for what is none.</returns>
    public static string Of(string? text) =>
        text is { Length: > 0 and <= MostLength } && !text.AsSpan().ContainsAnyExcept(Letters) ? text : "unreadable";

    private static readonly System.Buffers.SearchValues<char> Letters = System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-");
}
