using System.Net.Http.Headers;

namespace Symbolon.Server.Outbound;

/// <summary>Reads a small JSON document of the other side.</summary>
internal static class BoundedBody
{
    /// <summary>UTF-8, as it is: a reader of another character set would read another document.</summary>
    /// <param name="orSuffix">Whether a type that ends in <c>+json</c> is JSON too.</param>
    public static bool IsPlainJson(HttpContentHeaders headers, bool orSuffix) =>
        headers.ContentEncoding.Count == 0 && headers.ContentType is { MediaType: { } type } contentType
        && (type.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || (orSuffix && type.StartsWith("application/", StringComparison.OrdinalIgnoreCase) && type.EndsWith("+json", StringComparison.OrdinalIgnoreCase)))
        && (contentType.CharSet is null || contentType.CharSet.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    /// <returns>Null when it is longer.</returns>
    public static async Task<byte[]?> ReadAsync(HttpContent content, int mostBytes, CancellationToken cancellation)
    {
        var buffer = new byte[mostBytes + 1];
        var length = 0;
        await using var stream = await content.ReadAsStreamAsync(cancellation);
        while (length < buffer.Length)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellation);
            if (read == 0) return buffer[..length];
            length += read;
        }
        return null;
    }
}
