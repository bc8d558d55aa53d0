using System.Buffers;
using Microsoft.AspNetCore.Http;
using Symbolon.Gateway.Mcp;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>
/// The one event stream on which the messages of a batch are answered, each as it is ready: JSON-RPC knows them by their ids. A member writes whole events, so
/// that those of two never mix.
/// </summary>
/// <param name="cut">The batch itself was ended, or its client has left: what is not sent by then is not sent at all.</param>
internal sealed class BatchStream(HttpResponse response, CancellationToken cut) : IDisposable
{
    private readonly SemaphoreSlim turn = new(1);
    private bool isOver;

    /// <summary>Something was sent: no status can be chosen any more.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Takes what was written so far, at once; waits as long as the client takes to read it, or the member lasts.</summary>
    /// <param name="events">Whole ones, as the member wrote them.</param>
    public Task WriteEventsAsync(byte[] events, CancellationToken member) => WriteAsync(() =>
    {
        BeginEvents();
        response.BodyWriter.Write(events);
    }, member);

    /// <summary>The end of a member that was answered with JSON.</summary>
    /// <param name="message">A whole JSON-RPC message.</param>
    public Task WriteMessageAsync(byte[] message, int status) => WriteAsync(() =>
    {
        // A client of that version begins anew when it is told so by the status, and by nothing else.
        isOver = !HasBegun && status == StatusCodes.Status404NotFound;
        if (isOver)
        {
            McpResponseWriter.WriteJson(response, message, status);
            return;
        }
        BeginEvents();
        McpResponseWriter.WriteEvent(response, message);
    }, CancellationToken.None);

    /// <summary>Waits until nothing is being sent.</summary>
    public async Task EndAsync()
    {
        await turn.WaitAsync(CancellationToken.None);
        isOver = true;
        turn.Release();
    }

    public void Dispose() => turn.Dispose();

    private void BeginEvents()
    {
        if (!HasBegun) McpResponseWriter.BeginEvents(response);
    }

    private async Task WriteAsync(Action write, CancellationToken member)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(member, cut);
        await turn.WaitAsync(either.Token);
        if (isOver)
        {
            turn.Release();
            return;
        }
        // Not with the member's own end: a server that is cancelled while it sends gives the connection up, and with it the answers of all.
        await SendAsync(write).WaitAsync(either.Token);
    }

    private async Task SendAsync(Action write)
    {
        try
        {
            write();
            HasBegun = true;
            await response.BodyWriter.FlushAsync(cut);
        }
        finally
        {
            turn.Release();
        }
    }
}
