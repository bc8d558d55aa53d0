using System.Globalization;
using System.Runtime.CompilerServices;
using Symbolon.Gateway.Mcp;

namespace Symbolon.Gateway.Upstreams;

/// <summary>Reading of what an upstream sends, under a bound.</summary>
internal static class UpstreamAnswer
{
    private const int Step = 8192;

    public static bool IsJson(HttpResponseMessage response) => HasType(response, "application/json");

    public static bool IsEvents(HttpResponseMessage response) => HasType(response, "text/event-stream");

    /// <summary>Reads the rest of the body behind what the buffer holds.</summary>
    /// <exception cref="UpstreamFault">More than <paramref name="limit"/> bytes.</exception>
    public static async ValueTask ReadAllAsync(HttpResponseMessage response, ByteBuffer into, int limit, CancellationToken cancellation)
    {
        if (LengthOf(response) > limit) throw UpstreamFault.TooLarge(limit);
        var stream = await response.Content.ReadAsStreamAsync(cancellation);
        while (await ReadMoreAsync(stream, into, cancellation))
            if (into.Length > limit) throw UpstreamFault.TooLarge(limit);
    }

    /// <returns>False at the end.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<bool> ReadMoreAsync(Stream stream, ByteBuffer into, CancellationToken cancellation)
    {
        var read = await stream.ReadAsync(into.GetMemory(Step), cancellation);
        into.Advance(read);
        return read > 0;
    }

    /// <summary>The length that the upstream announced; 0 where it announced none.</summary>
    public static long LengthOf(HttpResponseMessage response) =>
        First(response, "Content-Length") is { } text && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : 0;

    private static bool HasType(HttpResponseMessage response, string type)
    {
        if (First(response, "Content-Type") is not { } value) return false;
        var end = value.IndexOf(';');
        return (end < 0 ? value : value.AsSpan(0, end)).Trim().Equals(type, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>As it came: the parsed forms of these headers are made anew for every answer.</summary>
    private static string? First(HttpResponseMessage response, string name)
    {
        if (!response.Content.Headers.NonValidated.TryGetValues(name, out var values)) return null;
        foreach (var value in values) return value;
        return null;
    }
}
