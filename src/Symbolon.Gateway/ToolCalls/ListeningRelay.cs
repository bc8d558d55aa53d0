using Symbolon.Core.Audit;
using Symbolon.Gateway.Mcp;
using Symbolon.Gateway.Upstreams;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>
/// Streams that last: the stream of a legacy session, the rest of one that was taken up again, and a modern subscription. The record is closed when it begins;
/// an answer that comes on it is recorded under its call before it leaves.
/// </summary>
internal sealed class ListeningRelay(CallRecord record, CallRules rules, UpstreamRefusals refusals, ServerRequests asked, EventIds ids, TimeProvider clock)
{
    /// <summary>How often a server may ask or be refused on a stream counts anew each minute, since a stream may last for days.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    public async ValueTask<Reply> RunAsync(Exchange exchange, Stream stream)
    {
        var opened = await record.CloseAsync(exchange, Reply.Silence.Completed);
        if (opened is not Reply.Silence) return opened;
        exchange.IsListening = true;
        exchange.WatchClient();
        McpResponseWriter.BeginEvents(exchange.Http.Response);
        exchange.HasBegun = true;
        // A stream may break again before it brings anything: where to go on, its client knows from its first event.
        if (exchange.Resumed is not null && exchange.Revision == ProtocolRevision.V20251125)
            McpResponseWriter.WriteAlive(exchange.Http.Response, exchange.Http.Request.Headers[McpHeaders.LastEvent]);
        await ClientFlush.RunAsync(exchange, clock);
        var incoming = exchange.Incoming;
        var window = clock.GetTimestamp();
        while (await UpstreamAnswer.ReadMoreAsync(stream, incoming, exchange.Stop))
        {
            // What comes in the same moment in which it is ended is not passed on any more.
            exchange.Stop.ThrowIfCancellationRequested();
            exchange.HeardAt = clock.GetTimestamp();
            if (clock.GetElapsedTime(window) >= Window)
            {
                exchange.Asked = exchange.Dropped = 0;
                window = clock.GetTimestamp();
            }
            var (wrote, answered) = (false, false);
            while (!answered && exchange.Framer.Next(incoming.Writable[exchange.Head..], out var consumed) is var item and not SseItem.More)
            {
                var place = new Slice(exchange.Head + exchange.Framer.Data.Offset, exchange.Framer.Data.Length);
                if (item == SseItem.Alive) wrote |= WriteAlive(exchange);
                else if (!exchange.Framer.IsMessage) { }
                else if (KindOf(exchange, place) == AnswerKind.Result) answered = await TakeAnswerAsync(exchange, place);
                else if (RelayedNotifications.UpdatedResource(exchange, place.In(incoming.Span)) is not { } uri || await rules.MayBeToldOfAsync(exchange, uri)) wrote |= Take(exchange, place);
                exchange.Head += consumed;
            }
            if (wrote || answered) await ClientFlush.RunAsync(exchange, clock);
            if (answered) break;
            incoming.Consume(exchange.Head);
            exchange.Head = 0;
            if (incoming.Length > exchange.Upstream!.Limits.AnswerBytes) throw UpstreamFault.TooLarge(exchange.Upstream!.Limits.AnswerBytes);
        }
        return Reply.Silence.Completed;
    }

    private bool WriteAlive(Exchange exchange)
    {
        McpResponseWriter.WriteAlive(exchange.Http.Response, ids.Of(exchange), exchange.Framer.Resume.NewRetry);
        return true;
    }

    /// <returns><see cref="AnswerKind.Result"/> for the answer that this stream is for, result or error.</returns>
    private static AnswerKind KindOf(Exchange exchange, Slice place)
    {
        var message = place.In(exchange.Incoming.Span);
        UpstreamRelay.RequireNoCredential(exchange, message);
        var kind = exchange.Envelope.Read(message);
        UpstreamRelay.RequireAskable(exchange, message);
        if (kind is not (AnswerKind.Result or AnswerKind.Error)) return kind;
        var awaited = exchange.Resumed is { } place2 ? place2.RequestId : exchange.Message.At(exchange.Message.Id);
        return !awaited.IsEmpty && exchange.Envelope.Id.IsPresent && AnswerEnvelope.SameId(exchange.Envelope.Id.In(message), awaited) ? AnswerKind.Result : AnswerKind.Garbage;
    }

    private bool Take(Exchange exchange, Slice place)
    {
        var message = place.In(exchange.Incoming.Span);
        switch (exchange.Envelope.Kind)
        {
            case AnswerKind.Request:
                var request = asked.Take(exchange, message);
                if (request is null) return false;
                McpResponseWriter.WriteEvent(exchange.Http.Response, request, ids.Of(exchange));
                return true;
            case AnswerKind.Notification when RelayedNotifications.MayPass(exchange, message):
                McpResponseWriter.WriteEvent(exchange.Http.Response, message, ids.Of(exchange));
                return true;
            case AnswerKind.Result or AnswerKind.Error:
                refusals.RecordDropped(exchange);
                return false;
            default:
                return false;
        }
    }

    /// <returns>True: nothing more comes behind it.</returns>
    private async ValueTask<bool> TakeAnswerAsync(Exchange exchange, Slice place)
    {
        if (Forwarder.RequireComplete(exchange) is not null) throw UpstreamFault.Invalid("with a 'resultType' that this request cannot have");
        if (exchange.Resumed is { } resumed && !await record.AppendResumedAsync(exchange, resumed, OutcomeOf(exchange.Envelope), place.Length))
        {
            exchange.Message.Answer(resumed.RequestId);
            McpResponseWriter.WriteRefusal(exchange.Http.Response, Refusal.AuditUnavailable, exchange.Message, exchange.Era, exchange.Own, hasBegun: true, about: null);
            return true;
        }
        McpResponseWriter.WriteEvent(exchange.Http.Response, place.In(exchange.Incoming.Span));
        return true;
    }

    private static CallOutcome OutcomeOf(AnswerEnvelope envelope) =>
        envelope.Kind == AnswerKind.Error ? CallOutcome.UpstreamError : envelope.IsToolError ? CallOutcome.ToolError : CallOutcome.Completed;
}
