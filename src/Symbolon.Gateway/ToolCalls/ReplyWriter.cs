using Microsoft.AspNetCore.Http;
using Symbolon.Gateway.Mcp;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>Sends a reply whose record is durable, and lets the upstream's answer run out behind it.</summary>
internal static class ReplyWriter
{
    private static readonly TimeSpan RestTime = TimeSpan.FromSeconds(1);

    /// <summary>Takes what nobody reads.</summary>
    private static readonly byte[] Sink = new byte[256];

    public static void Write(Exchange exchange, Reply reply, IReasonAddresses reasons)
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
                WriteRefusal(exchange, refused.Why, reasons);
                break;
            case Reply.Failed failed:
                WriteRefusal(exchange, failed.Why, reasons);
                break;
            case Reply.Silence:
                // A cancelled request has no response; the HTTP one that carried it has to end all the same.
                if (exchange.IsCancelledByClient && !exchange.HasBegun) McpResponseWriter.WriteStatus(response, StatusCodes.Status202Accepted);
                break;
        }
        if (reply is not Reply.Message || exchange.Rest is not { } rest || exchange.Response is not { } answered) return;
        exchange.Response = null;
        _ = LetRunOutAsync(answered, rest);
    }

    private static void WriteRefusal(Exchange exchange, Refusal why, IReasonAddresses reasons) => McpResponseWriter.WriteRefusal(
        exchange.Http.Response, why, exchange.Message, exchange.Era, exchange.Own, exchange.HasBegun, reasons.Of(exchange.Http.Request, why.Code),
        exchange.Challenge);

    private static void WriteMessage(Exchange exchange, Reply.Message message)
    {
        var response = exchange.Http.Response;
        if (!exchange.AnswersWithEvents)
        {
            McpResponseWriter.WriteJson(response, exchange.Answer, message.Status);
            return;
        }
        if (exchange.HasBegun) McpResponseWriter.WriteEvent(response, exchange.Answer);
        else McpResponseWriter.WriteOnlyEvent(response, exchange.Answer);
    }

    /// <summary>
    /// The end of the upstream's stream mostly came with its last event, or comes at once: read, its connection serves again.
    /// What lasts longer is waited for elsewhere, and not for long.
    /// </summary>
    private static async Task LetRunOutAsync(HttpResponseMessage response, Stream rest)
    {
        using var disposed = response;
        try
        {
            var end = rest.ReadAsync(Sink, CancellationToken.None);
            if (!end.IsCompletedSuccessfully) await end.AsTask().WaitAsync(RestTime);
        }
        catch (Exception e) when (e is TimeoutException or IOException or OperationCanceledException or HttpRequestException)
        {
            // The connection is given up; the answer was whole.
        }
    }
}
