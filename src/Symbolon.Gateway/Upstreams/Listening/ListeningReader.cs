using System.Text;
using Symbolon.Core.Tools;
using Symbolon.Gateway.Mcp;
using Symbolon.Jose.Json;

namespace Symbolon.Gateway.Upstreams.Listening;

/// <summary>
/// Reads one stream and heeds what of it is about tools. However much comes, it holds no more than one event, and takes no more than
/// one change and <see cref="MostAtOnce"/> bytes each <see cref="Pause"/>: what comes faster waits at the server.
/// </summary>
/// <param name="answer">Sends the answer to a request of the server; null where servers have none to make.</param>
internal sealed class ListeningReader(Upstream upstream, Era era, Func<string, Task>? answer, TimeProvider clock)
{
    private const int MostAtOnce = 2 * 1024 * 1024;

    /// <summary>Requests that are answered of those that came together.</summary>
    private const int MostAnswers = 4;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly ByteBuffer incoming = new();
    private readonly SseFramer framer = new();
    private readonly AnswerEnvelope envelope = new();
    private readonly List<string> answers = [];
    private bool heard;
    private bool refused;
    private bool finished;

    /// <summary>Reads until the stream ends.</summary>
    /// <returns>False when the server said that it will not tell.</returns>
    /// <exception cref="UpstreamFault">An event over the server's limit.</exception>
    public async Task<bool> ReadAsync(Stream stream, CancellationToken cancellation)
    {
        try
        {
            var since = 0;
            for (var before = 0; !finished && await UpstreamAnswer.ReadMoreAsync(stream, incoming, cancellation); before = incoming.Length)
            {
                since += incoming.Length - before;
                TakeEvents();
                if (incoming.Length > upstream.Limits.AnswerBytes) throw UpstreamFault.TooLarge(upstream.Limits.AnswerBytes);
                // An idle stream keeps none of the memory that a long event took.
                if (incoming.Length == 0) incoming.Clear();
                if (!heard && answers.Count == 0 && since < MostAtOnce) continue;
                if (heard) upstream.Outdate();
                foreach (var each in answers) await answer!(each);
                answers.Clear();
                heard = false;
                since = 0;
                await Task.Delay(Pause, clock, cancellation);
            }
            return !refused;
        }
        finally
        {
            incoming.Clear();
        }
    }

    private void TakeEvents()
    {
        var head = 0;
        while (!finished && framer.Next(incoming.Writable[head..], out var consumed) is var item and not SseItem.More)
        {
            if (item == SseItem.Event && framer.IsMessage) Take(incoming.Span.Slice(head + framer.Data.Offset, framer.Data.Length));
            head += consumed;
        }
        incoming.Consume(head);
    }

    private void Take(ReadOnlySpan<byte> message)
    {
        switch (envelope.Read(message))
        {
            case AnswerKind.Notification:
                var method = JsonValue.Root(envelope.Method.In(message));
                if (method.TextEquals("notifications/tools/list_changed"u8)) heard = true;
                else if (era == Era.Modern && method.TextEquals("notifications/subscriptions/acknowledged"u8)) Acknowledge(message);
                break;
            case AnswerKind.Request when answer is not null && answers.Count < MostAnswers:
                var isPing = JsonValue.Root(envelope.Method.In(message)).TextEquals("ping"u8);
                answers.Add($"{{\"jsonrpc\":\"2.0\",\"id\":{Encoding.UTF8.GetString(envelope.Id.In(message))},"
                    + (isPing ? "\"result\":{}}" : "\"error\":{\"code\":-32601,\"message\":\"The client does not take requests.\"}}"));
                break;
            case AnswerKind.Error when era == Era.Modern:
                refused = finished = true;
                break;
            case AnswerKind.Result when era == Era.Modern:
                // The only request here was ours: the server ends the subscription in good order.
                finished = true;
                break;
        }
    }

    /// <summary>What happened before it came is found by a reading.</summary>
    private void Acknowledge(ReadOnlySpan<byte> message)
    {
        if (envelope.Member(message, "params"u8).TryGet("notifications"u8, out var honoured) && Honours(honoured)) heard = true;
        else refused = finished = true;
    }

    private static bool Honours(JsonValue notifications)
    {
        if (notifications.Kind != JsonKind.Object) return false;
        foreach (var member in notifications.Members)
            if (member.NameEquals("toolsListChanged"u8)) return member.Value.Kind == JsonKind.True;
        return false;
    }
}
