using System.Collections.Concurrent;
using System.Security.Cryptography;
using ModelContextProtocol.Server;

namespace McpHttpHost;

/// <summary>One conversation with a client: the SDK's server on its transport.</summary>
internal sealed class McpSession : IAsyncDisposable
{
    private readonly CancellationTokenSource closed = new();
    private readonly McpServer server;
    private readonly Task run;

    public McpSession(StreamableHttpServerTransport transport, McpServerOptions options, IServiceProvider services)
    {
        Transport = transport;
        server = McpServer.Create(transport, options, serviceProvider: services);
        run = server.RunAsync(closed.Token);
    }

    public StreamableHttpServerTransport Transport { get; }

    public async ValueTask DisposeAsync()
    {
        await closed.CancelAsync();
        await Transport.DisposeAsync();
        try { await run; }
        catch (OperationCanceledException) { }
        await server.DisposeAsync();
        closed.Dispose();
    }
}

/// <summary>The sessions that <c>initialize</c> opened. At most 1000; past that a new one ends the oldest.</summary>
internal sealed class McpSessions(McpServerOptions options, IServiceProvider services)
{
    private const int Most = 1000;
    private readonly ConcurrentDictionary<string, McpSession> sessions = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> oldest = new();

    public async Task<McpSession> OpenAsync()
    {
        if (oldest.Count >= Most && oldest.TryDequeue(out var old)) await CloseAsync(old);
        var id = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var session = new McpSession(new StreamableHttpServerTransport { SessionId = id, FlowExecutionContextFromRequests = true }, options, services);
        sessions[id] = session;
        oldest.Enqueue(id);
        return session;
    }

    /// <summary>A conversation of one request, for the stateless revision.</summary>
    public McpSession OpenForOneRequest() => new(new StreamableHttpServerTransport { Stateless = true, FlowExecutionContextFromRequests = true }, options, services);

    public McpSession? Find(string id) => sessions.GetValueOrDefault(id);

    public async Task<bool> CloseAsync(string id)
    {
        if (!sessions.TryRemove(id, out var session)) return false;
        await session.DisposeAsync();
        return true;
    }
}
