using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Symbolon.Testing.Mcp;

/// <summary>A request as it came over the wire.</summary>
public sealed record RawRequest(string Line, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Body)
{
    public string Method => Line.Split(' ')[0];

    public string Path => Line.Split(' ')[1];

    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>The values of a header, in the order in which they came.</summary>
    public IEnumerable<string> Values(string name) =>
        Headers.Where(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value);
}

/// <summary>An HTTP/1.1 server over plain sockets, so that it can answer what no framework would. Keeps what it was asked.</summary>
public sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopped = new();
    private readonly List<RawRequest> requests = [];
    private readonly Func<RawRequest, Stream, CancellationToken, Task> answer;
    private readonly Task accepting;

    /// <param name="answer">Writes the answer; when it returns with the connection open, the next request is read.</param>
    public RawServer(Func<RawRequest, Stream, CancellationToken, Task> answer)
    {
        this.answer = answer;
        listener.Start();
        Url = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture)}/mcp");
        accepting = AcceptAsync();
    }

    public Uri Url { get; }

    public IReadOnlyList<RawRequest> Requests
    {
        get
        {
            lock (requests) return [.. requests];
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopped.CancelAsync();
        listener.Stop();
        await accepting;
        stopped.Dispose();
    }

    /// <summary>An answer with a length.</summary>
    public static Task WriteAsync(Stream stream, string status, string type, string body, CancellationToken cancellation) =>
        stream.WriteAsync(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}")), cancellation).AsTask();

    /// <summary>The start of an event stream without a length: it ends with the connection or with <see cref="ChunkAsync"/> of nothing.</summary>
    public static Task BeginEventsAsync(Stream stream, CancellationToken cancellation) =>
        stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray(), cancellation).AsTask();

    /// <summary>One chunk; an empty one ends the body.</summary>
    public static Task ChunkAsync(Stream stream, string text, CancellationToken cancellation) =>
        stream.WriteAsync(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"{Encoding.UTF8.GetByteCount(text):x}\r\n{text}\r\n")), cancellation).AsTask();

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (!stopped.IsCancellationRequested) open.Add(ServeAsync(await listener.AcceptTcpClientAsync(stopped.Token)));
        }
        // A stopped listener says that it does not listen (InvalidOperationException) to whom comes to accept the next.
        catch (Exception end) when (end is OperationCanceledException or SocketException or InvalidOperationException) { }
        await Task.WhenAll(open);
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var connection = client;
        connection.NoDelay = true;
        var stream = connection.GetStream();
        try
        {
            await using var reader = new BufferedStream(stream);
            while (await ReadAsync(reader) is { } request)
            {
                lock (requests) requests.Add(request);
                await answer(request, stream, stopped.Token);
            }
        }
        // The other side left, or the test is over.
        catch (Exception end) when (end is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException or NotSupportedException) { }
    }

    private async Task<RawRequest?> ReadAsync(BufferedStream stream)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (head.Count < 4 || !head[^4..].SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            if (await stream.ReadAsync(one, stopped.Token) == 0) return null;
            head.Add(one[0]);
        }
        var lines = Encoding.Latin1.GetString([.. head]).TrimEnd().Split("\r\n");
        List<KeyValuePair<string, string>> headers = [.. lines[1..].Select(line => KeyValuePair.Create(line[..line.IndexOf(':')], line[(line.IndexOf(':') + 1)..].Trim()))];
        var request = new RawRequest(lines[0], headers, []);
        var length = int.Parse(request.Values("Content-Length").FirstOrDefault() ?? "0", CultureInfo.InvariantCulture);
        if (request.Values("Transfer-Encoding").Any()) throw new InvalidOperationException("A chunked request, which this server does not read.");
        var body = new byte[length];
        await stream.ReadExactlyAsync(body, stopped.Token);
        return request with { Body = body };
    }
}
