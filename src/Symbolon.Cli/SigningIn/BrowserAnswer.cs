using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Symbolon.Cli.SigningIn;

/// <summary>Listens on a free port of 127.0.0.1 for the one request that a browser brings back, and answers it with a page of plain words.</summary>
internal sealed class BrowserAnswer : IDisposable
{
    private const int MostBytes = 8192;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);

    public BrowserAnswer()
    {
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public int Port { get; }

    /// <summary>Waits for the request with this state; whoever else comes by is told that nothing is here.</summary>
    /// <returns>The parameters of its query.</returns>
    public async Task<IReadOnlyDictionary<string, string>> WaitAsync(string state, CancellationToken cancellation)
    {
        while (true)
        {
            using var client = await listener.AcceptTcpClientAsync(cancellation);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(Patience);
            try
            {
                var stream = client.GetStream();
                var query = QueryOf(await ReadLineAsync(stream, limit.Token));
                var isOurs = query.TryGetValue("state", out var came) && System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(came), Encoding.UTF8.GetBytes(state));
                await AnswerAsync(stream, isOurs, query.ContainsKey("code"), limit.Token);
                if (isOurs) return query;
            }
            catch (Exception fault) when (fault is IOException or SocketException || (fault is OperationCanceledException && !cancellation.IsCancellationRequested))
            {
                // It was not the browser, or it left; the browser may still come.
            }
        }
    }

    public void Dispose() => listener.Dispose();

    private static async Task<string> ReadLineAsync(NetworkStream stream, CancellationToken cancellation)
    {
        var buffer = new byte[MostBytes];
        var length = 0;
        while (length < buffer.Length && buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellation);
            if (read == 0) break;
            length += read;
        }
        var text = Encoding.ASCII.GetString(buffer, 0, length);
        return text.IndexOf("\r\n", StringComparison.Ordinal) is > 0 and var end ? text[..end] : "";
    }

    private static Dictionary<string, string> QueryOf(string line)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        if (line.Split(' ') is not ["GET", var target, _] || !target.StartsWith("/?", StringComparison.Ordinal)) return found;
        foreach (var pair in target[2..].Split('&'))
            if (pair.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals && !found.TryAdd(pair[..equals], Uri.UnescapeDataString(pair[(equals + 1)..]))) return [];
        return found;
    }

    private static async Task AnswerAsync(NetworkStream stream, bool isOurs, bool isLet, CancellationToken cancellation)
    {
        var text = !isOurs ? "Nothing is here." : isLet ? "You are signed in to the command line. Close this page and go back to your terminal." : "Refused. Close this page; the command line was told so.";
        var body = Encoding.UTF8.GetBytes(text + "\n");
        var head = $"HTTP/1.1 {(isOurs ? "200 OK" : "404 Not Found")}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {body.Length}\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head).Concat(body).ToArray(), cancellation);
    }
}
