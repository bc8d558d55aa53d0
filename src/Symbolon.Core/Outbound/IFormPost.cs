namespace Symbolon.Core.Outbound;

/// <summary>
/// Posts a form to an address that a reviewed file names, and reads the small JSON document that is answered. The same guard as for <see cref="IFetch"/>: over https on port 443 alone,
/// to public addresses alone (but for hosts that the operator named), without redirects, cookies, proxies or decompression, under bounds on size, time and how many at once. DESIGN.md section 5, promise 5.
/// </summary>
public interface IFormPost
{
    /// <summary>Posts a JSON document in the place of a form.</summary>
    /// <inheritdoc cref="PostAsync"/>
    Task<FormAnswer> PostJsonAsync(Uri url, ReadOnlyMemory<byte> json, IReadOnlyList<KeyValuePair<string, string>> headers, int mostBytes, CancellationToken cancellation);

    /// <param name="authorization">Value of the header of that name; null for none.</param>
    /// <param name="mostBytes">A longer answer is none.</param>
    /// <returns>Never throws for anything that the other side does.</returns>
    Task<FormAnswer> PostAsync(Uri url, IReadOnlyList<KeyValuePair<string, string>> form, string? authorization, int mostBytes, CancellationToken cancellation);
}

/// <summary>What came of posting a form.</summary>
public abstract record FormAnswer
{
    private FormAnswer() { }

    /// <param name="Json">The body, where it is <c>application/json</c> and short enough; else null.</param>
    public sealed record Answered(int Status, ReadOnlyMemory<byte>? Json) : FormAnswer;

    /// <param name="Why">For the operator: a few words, nothing that the other side said.</param>
    public sealed record Unanswered(string Why) : FormAnswer;
}
