using Microsoft.AspNetCore.Http;
using Symbolon.Gateway.Mcp;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>
/// A JSON-RPC batch (2025-03-26 alone): each message is a request of its own, with its own decision, record and way to the server, which sees no batch. All
/// share the authentication of the one that brought them. PROTOCOL.md section 7, Impossible or lossy.
/// </summary>
internal static class BatchedExchange
{
    /// <summary>Each under way may hold an answer in memory until its client takes it.</summary>
    private const int MostAtOnce = 4;

    /// <summary>A batch that was ended (revoked, expired) says so to its members' calls, and is cut off when that is not taken.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromMilliseconds(500);

    /// <returns>Why there is nothing to split; null for a batch that can be answered.</returns>
    public static Refusal? Check(Exchange exchange) =>
        exchange.Revision is { } revision && revision != ProtocolRevision.V20250326 ? Refusal.Malformed("Batches are of version 2025-03-26 alone: send one message a request.")
        : exchange.Message.Members.Count is 0 ? Refusal.Malformed("The batch is empty.")
        : exchange.Message.Members.Count > McpMessage.MostMembers ? Refusal.Malformed($"A batch has at most {McpMessage.MostMembers} messages.")
        : null;

    /// <param name="handle">The way of a request.</param>
    public static async ValueTask<Reply> AnswerAsync(Exchange exchange, Func<HttpContext, Task> handle)
    {
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(exchange.Http.RequestAborted);
        await using var ended = exchange.Stop.UnsafeRegister(static state => ((CancellationTokenSource)state!).CancelAfter(LastWords), cut);
        using var answers = new BatchStream(exchange.Http.Response, cut.Token);
        var members = exchange.Message.Members.ConvertAll(place => exchange.Message.At(place).ToArray());
        try
        {
            await Parallel.ForEachAsync(members, new ParallelOptions { MaxDegreeOfParallelism = MostAtOnce }, async (message, _) => await AnswerAsync(exchange, message, answers, handle));
        }
        finally
        {
            await answers.EndAsync();
            exchange.HasBegun = answers.HasBegun;
        }
        return answers.HasBegun ? Reply.Silence.Completed : Reply.Bare.Accepted;
    }

    private static async Task AnswerAsync(Exchange exchange, byte[] message, BatchStream answers, Func<HttpContext, Task> handle)
    {
        var http = MemberRequest.Of(exchange.Http, message, answers, out var body);
        await using var owned = body;
        await handle(http);
        try
        {
            await http.Response.BodyWriter.FlushAsync(CancellationToken.None);
            await body.EndAsync();
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // Its client has left, or the batch was cut off; the record is closed.
        }
    }
}
