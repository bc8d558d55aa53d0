using System.Buffers;
using Microsoft.AspNetCore.Http;
using Symbolon.Gateway.Mcp;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>
/// The one event stream on which the messages of a batch are answered, each as it is ready: JSON-RPC knows them by their ids. A member writes whole events, so
/// that those of two never mix.
/// </summary>
internal sealed class BatchStream(HttpResponse response) : IDisposable
{
    private readonly SemaphoreSlim turn = new(1);
    private bool hasBegun;

    /// <summary>Something was sent: no status can be chosen any more.</summary>
    public bool HasBegun => Volatile.Read(ref hasBegun);

    /// <param name="events">Whole ones, as the member wrote them.</param>
    public Task WriteEventsAsync(ReadOnlyMemory<byte> events, CancellationToken cancellation) => WriteAsync(() => response.BodyWriter.Write(events.Span), cancellation);

    /// <param name="message">A whole JSON-RPC message.</param>
    public Task WriteMessageAsync(ReadOnlyMemory<byte> message, CancellationToken cancellation) =>
        WriteAsync(() => McpResponseWriter.WriteEvent(response, message.Span), cancellation);

    public void Dispose() => turn.Dispose();

    private async Task WriteAsync(Action write, CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            if (!hasBegun) McpResponseWriter.BeginEvents(response);
            Volatile.Write(ref hasBegun, true);
            write();
            // Under the turn: a client that reads slowly holds up all members, and none of them puts more into memory.
            await response.BodyWriter.FlushAsync(cancellation);
        }
        finally
        {
            turn.Release();
        }
    }
}
