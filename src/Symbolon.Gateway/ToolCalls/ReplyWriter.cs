using Symbolon.Gateway.Mcp;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>Sends a reply whose record is durable, and lets the upstream's answer run out behind it.</summary>
internal static class ReplyWriter
{
    private static readonly TimeSpan RestTime = TimeSpan.FromSeconds(1);

    /// <summary>Takes what nobody reads.</summary>
    private static readonly byte[] Sink = new byte[256];

    public static async ValueTask WriteAsync(Exchange exchange, Reply reply)
    {
        var response = exchange.Http.Response;
        switch (reply)
        {
            case Reply.Message message:
                WriteMessage(exchange, message);
                break;
            case Reply.Bare bare:
                McpResponseWriter.WriteStatus(response, bare.Status);
                break;
            case Reply.Refused refused:
                McpResponseWriter.WriteRefusal(response, refused.Why, exchange.Message, exchange.Era, exchange.Own, exchange.HasBegun);
                break;
            case Reply.Failed failed:
                McpResponseWriter.WriteRefusal(response, failed.Why, exchange.Message, exchange.Era, exchange.Own, exchange.HasBegun);
                break;
            case Reply.Silence:
                break;
        }
        if (exchange.Rest is { } rest && exchange.Final.IsPresent) await LetRunOutAsync(exchange, rest);
    }

    private static void WriteMessage(Exchange exchange, Reply.Message message)
    {
        var response = exchange.Http.Response;
        if (!exchange.AnswersWithEvents)
        {
            McpResponseWriter.WriteJson(response, exchange.Answer, message.Status);
            return;
        }
        if (!exchange.HasBegun) McpResponseWriter.BeginEvents(response);
        McpResponseWriter.WriteEvent(response, exchange.Answer);
    }

    /// <summary>
    /// The end of the upstream's stream mostly came with its last event, or comes at once: read, its connection serves again.
    /// What lasts longer is waited for elsewhere, and not for long.
    /// </summary>
    private static async ValueTask LetRunOutAsync(Exchange exchange, Stream rest)
    {
        await exchange.Http.Response.BodyWriter.FlushAsync(CancellationToken.None);
        var end = rest.ReadAsync(Sink, CancellationToken.None);
        if (end.IsCompletedSuccessfully) return;
        _ = WaitForEndAsync(exchange.Response!, end.AsTask());
        exchange.Response = null;
    }

    private static async Task WaitForEndAsync(HttpResponseMessage response, Task end)
    {
        using var disposed = response;
        try
        {
            await end.WaitAsync(RestTime);
        }
        catch (Exception e) when (e is TimeoutException or IOException or OperationCanceledException or HttpRequestException)
        {
            // The connection is given up; the answer was whole.
        }
    }
}
