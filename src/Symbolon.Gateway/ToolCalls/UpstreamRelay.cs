using System.Net;
using System.Runtime.CompilerServices;
using Symbolon.Core.Audit;
using Symbolon.Core.Registry;
using Symbolon.Core.Tools;
using Symbolon.Gateway.Mcp;
using Symbolon.Gateway.Upstreams;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>
/// Sends one message to the upstream and brings back the answer to it. Notifications on the way are relayed as they come; the final
/// message is left in the exchange, held until its record is durable. DESIGN.md section 4, Bytes.
/// </summary>
internal sealed class UpstreamRelay(UpstreamRefusals refusals, CallRules rules, ServerRequests asked, StreamResumption resumption, EventIds ids, TimeProvider clock)
{
    /// <summary>Sends <see cref="Exchange.Request"/>.</summary>
    /// <returns>Null when the final message is in the exchange; else how the request ended without one.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Reply?> SendAsync(Exchange exchange)
    {
        if (UpstreamProbe.Take(exchange) is { } away) return away;
        try
        {
            exchange.HeardAt = clock.GetTimestamp();
            exchange.IsWaiting = exchange.IsForwarded = true;
            var response = await exchange.Upstream!.Invoker.SendAsync(exchange.Request!, exchange.Stop);
            exchange.Response = response;
            exchange.HeardAt = clock.GetTimestamp();
            exchange.UpstreamStatus = (int)response.StatusCode;
            UpstreamProbe.Answered(exchange);
            if (!exchange.Message.Id.IsPresent || exchange.Message.Method == McpMethod.Response) return TakeAccepted(exchange, response);
            var ended = await ReadAsync(exchange, response);
            return ended is null && exchange.IsCancelledByClient ? Reply.Silence.Cancelled : ended;
        }
        catch (Exception e)
        {
            // A broken send may still be reading what it was given, whatever broke it.
            exchange.Outgoing.Abandon();
            if (e is not (OperationCanceledException or HttpRequestException or IOException or UpstreamFault)) throw;
            UpstreamProbe.Failed(exchange, e);
            return WhyFailed(exchange, e);
        }
        finally
        {
            exchange.IsWaiting = false;
        }
    }

    /// <summary>Tells apart: ended by us, left by the client, a deadline, and an upstream that is not there.</summary>
    public static Reply WhyFailed(Exchange exchange, Exception e) =>
        exchange.StopReason is { } reason ? new Reply.Failed(reason)
        : exchange.IsDetached ? Reply.Silence.Deferred
        : exchange.HasClientLeft || exchange.IsCancelledByClient ? Reply.Silence.Cancelled
        : e is UpstreamFault fault ? new Reply.Failed(fault.ToRefusal())
        : new Reply.Failed(UpstreamFault.Unreachable().ToRefusal());

    /// <summary>Reads the answer up to its final message.</summary>
    /// <returns>Null when that is in the exchange; else how the request ended without one.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Reply?> ReadAsync(Exchange exchange, HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.OK) return await ReadRefusalAsync(exchange, response);
        if (UpstreamAnswer.IsEvents(response)) return await ReadEventsAsync(exchange, await response.Content.ReadAsStreamAsync(exchange.Stop));
        if (!UpstreamAnswer.IsJson(response)) throw UpstreamFault.Invalid("neither JSON nor events");
        await ReadAllAsync(exchange, response);
        RequireNoCredential(exchange, exchange.Incoming.Span);
        var kind = exchange.Envelope.Read(exchange.Incoming.Span);
        if (kind is not (AnswerKind.Result or AnswerKind.Error) || !IsAnswerTo(exchange, exchange.Incoming.Span))
        {
            refusals.RecordDropped(exchange);
            throw UpstreamFault.Invalid("no response to this request");
        }
        RequireAskable(exchange, exchange.Incoming.Span);
        exchange.Final = new Slice(0, exchange.Incoming.Length);
        return null;
    }

    /// <summary>A client that reads slowly is not the upstream's silence.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask FlushAsync(Exchange exchange)
    {
        exchange.IsWaiting = false;
        await ClientFlush.RunAsync(exchange, clock);
        exchange.HeardAt = clock.GetTimestamp();
        exchange.IsWaiting = true;
    }

    /// <summary>A status that is no success: a dead session, a JSON-RPC error worth passing on, or a fault.</summary>
    private async ValueTask<Reply?> ReadRefusalAsync(Exchange exchange, HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        // Failed, not refused: the message was there, and whatever the upstream did with it is its word alone.
        if (status == 404 && exchange.Session is not null) return new Reply.Failed(UpstreamRefusals.UnknownSession);
        if (status is 502 or 503 or 504) throw UpstreamFault.Unreachable();
        if (status is not (400 or 404) || !UpstreamAnswer.IsJson(response)) throw UpstreamFault.Invalid($"status {status}");
        await ReadAllAsync(exchange, response);
        RequireNoCredential(exchange, exchange.Incoming.Span);
        // Nothing is taken out of such an answer: where a rule demands it, it is none.
        if (exchange.Envelope.Read(exchange.Incoming.Span) != AnswerKind.Error || exchange.Duty is { Redacts: true }) throw UpstreamFault.Invalid($"status {status}");
        RequireAskable(exchange, exchange.Incoming.Span);
        UpstreamRefusals.WriteError(exchange);
        return new Reply.Message(CallOutcome.UpstreamError, exchange.Era == Era.Modern ? status : 400);
    }

    private static Reply TakeAccepted(Exchange exchange, HttpResponseMessage response)
    {
        if (response.IsSuccessStatusCode) return Reply.Bare.Accepted;
        return response.StatusCode == HttpStatusCode.NotFound && exchange.Session is not null
            ? new Reply.Failed(UpstreamRefusals.UnknownSession)
            : throw UpstreamFault.Invalid($"status {(int)response.StatusCode}");
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Reply?> ReadEventsAsync(Exchange exchange, Stream stream)
    {
        exchange.AnswersWithEvents = true;
        exchange.Rest = stream;
        var incoming = exchange.Incoming;
        while (true)
        {
            bool isMore;
            try
            {
                isMore = await UpstreamAnswer.ReadMoreAsync(exchange.Rest, incoming, exchange.Stop);
            }
            catch (IOException) when (StreamResumption.IsPossible(exchange))
            {
                isMore = false;
            }
            if (!isMore)
            {
                // A client that can is sent for the rest itself, as its server wants it; for others we ask.
                if (exchange.CanComeBack && StreamResumption.IsPossible(exchange)) return Reply.Silence.Deferred;
                if (await resumption.ResumeAsync(exchange) is { } ended) return ended;
                continue;
            }
            // What comes in the same moment in which it is ended is not passed on any more.
            exchange.Stop.ThrowIfCancellationRequested();
            exchange.HeardAt = clock.GetTimestamp();
            exchange.IsAsking = false;
            var wrote = false;
            while (NextEvent(exchange, out var consumed) is var item and not SseItem.More)
            {
                if (item == SseItem.Event)
                {
                    var place = new Slice(exchange.Head + exchange.Framer.Data.Offset, exchange.Framer.Data.Length);
                    var kind = Take(exchange, place);
                    if (kind == Passing.Final) return null;
                    if (kind == Passing.Notification && RelayedNotifications.UpdatedResource(exchange, place.In(incoming.Span)) is { } uri && !await rules.MayBeToldOfAsync(exchange, uri)) kind = Passing.Nothing;
                    var request = kind == Passing.Request ? asked.Take(exchange, place.In(incoming.Span)) : null;
                    if (kind == Passing.Notification || request is not null)
                    {
                        if (await BeginAsync(exchange) is { } unavailable) return unavailable;
                        exchange.IsAsking |= request is not null;
                        McpResponseWriter.WriteEvent(exchange.Http.Response, request ?? place.In(incoming.Span), IdOf(exchange));
                        wrote = true;
                    }
                }
                else if (exchange.HasBegun || (exchange.Revision == ProtocolRevision.V20251125 && CanBeResumed(exchange)))
                {
                    if (await BeginAsync(exchange) is { } unavailable) return unavailable;
                    McpResponseWriter.WriteAlive(exchange.Http.Response, IdOf(exchange), exchange.Framer.Resume.NewRetry);
                    wrote = true;
                }
                exchange.Head += consumed;
            }
            // One flush a read: the client gets what came together, together. A legacy client that left is no reason to stop.
            if (wrote) await FlushAsync(exchange);
            incoming.Consume(exchange.Head);
            exchange.Head = 0;
            if (incoming.Length > exchange.Upstream!.Limits.AnswerBytes) throw UpstreamFault.TooLarge(exchange.Upstream!.Limits.AnswerBytes);
        }
    }

    /// <summary>No byte of an answer leaves before the intent is durable.</summary>
    private static async ValueTask<Reply?> BeginAsync(Exchange exchange)
    {
        if (exchange.HasBegun) return null;
        if (exchange.Entry is { HasIntent: true } entry && !await entry.IntentDurable()) return new Reply.Failed(Refusal.AuditUnavailable);
        McpResponseWriter.BeginEvents(exchange.Http.Response);
        exchange.HasBegun = true;
        return null;
    }

    private static SseItem NextEvent(Exchange exchange, out int consumed) =>
        exchange.Framer.Next(exchange.Incoming.Writable[exchange.Head..], out consumed);

    private enum Passing : byte
    {
        Nothing,
        Notification,
        Request,
        Final,
    }

    private Passing Take(Exchange exchange, Slice place)
    {
        var message = place.In(exchange.Incoming.Span);
        if (!exchange.Framer.IsMessage) return Passing.Nothing;
        RequireNoCredential(exchange, message);
        switch (exchange.Envelope.Read(message))
        {
            case AnswerKind.Result or AnswerKind.Error when IsAnswerTo(exchange, message):
                RequireAskable(exchange, message);
                exchange.Final = place;
                return Passing.Final;
            case AnswerKind.Result or AnswerKind.Error:
                refusals.RecordDropped(exchange);
                return Passing.Nothing;
            case AnswerKind.Request:
                return Passing.Request;
            // Event stores that give back what they were primed with are widely copied; clients pass over it.
            case AnswerKind.Garbage when exchange.Resumptions > 0 && message.SequenceEqual("{}"u8):
                return Passing.Nothing;
            case AnswerKind.Garbage:
                throw UpstreamFault.Invalid("an event that is no message");
            default:
                return RelayedNotifications.MayPass(exchange, message) ? Passing.Notification : Passing.Nothing;
        }
    }

    /// <summary>
    /// The event has an id, and what it belongs to can be taken up again. Where one is empty but for that, a client of 2025-11-25 is told at once where it could go on; for
    /// others it would only fix the status too early.
    /// </summary>
    private static bool CanBeResumed(Exchange exchange) =>
        // What is due of its result is due wherever it is taken up again, and is known here alone; and so it is open here alone.
        exchange is { Era: Era.Legacy, Session: not null, Duty: null, HoldsPlace: false } && exchange.Message.Method.MayAskForInput() && exchange.Framer.Resume.IsNew;

    private string? IdOf(Exchange exchange)
    {
        if (!CanBeResumed(exchange) || ids.Of(exchange) is not { } id) return null;
        exchange.IsResumable = true;
        return id;
    }

    /// <summary>An upstream's credential never reaches a caller, not even by the upstream's own mouth (DESIGN.md section 5, promise 3).</summary>
    internal static void RequireNoCredential(Exchange exchange, ReadOnlySpan<byte> message)
    {
        if (exchange.Credential.IsIn(message)) throw UpstreamFault.Invalid("a message that holds the server's own credential");
    }

    /// <summary>
    /// An error that sends the person to an address (-32042, 2025-11-25) is a question as any other, and not of the modern era at all.
    /// </summary>
    /// <param name="message">As the exchange's envelope has just read it.</param>
    internal static void RequireAskable(Exchange exchange, ReadOnlySpan<byte> message)
    {
        if (exchange.Envelope.Kind != AnswerKind.Error || !exchange.Envelope.Member(message, "error"u8).TryGet("code"u8, out var code) || !code.TryGetInt64(out var number) || number != -32042) return;
        if (exchange.Era == Era.Legacy && exchange.Session is { } session && (session.Features & exchange.Upstream!.Manifest.ClientFeatures).HasFlag(ClientFeatures.Elicitation)) return;
        throw UpstreamFault.Invalid("with a question that it may not ask (-32042)");
    }

    private async ValueTask ReadAllAsync(Exchange exchange, HttpResponseMessage response)
    {
        if (UpstreamAnswer.LengthOf(response) > exchange.Upstream!.Limits.AnswerBytes) throw UpstreamFault.TooLarge(exchange.Upstream!.Limits.AnswerBytes);
        var stream = await response.Content.ReadAsStreamAsync(exchange.Stop);
        while (await UpstreamAnswer.ReadMoreAsync(stream, exchange.Incoming, exchange.Stop))
        {
            // A long answer is no silence.
            exchange.HeardAt = clock.GetTimestamp();
            if (exchange.Incoming.Length > exchange.Upstream!.Limits.AnswerBytes) throw UpstreamFault.TooLarge(exchange.Upstream!.Limits.AnswerBytes);
        }
    }

    private static bool IsAnswerTo(Exchange exchange, ReadOnlySpan<byte> message) =>
        exchange.Envelope.Id.IsPresent && AnswerEnvelope.SameId(exchange.Envelope.Id.In(message), exchange.Message.At(exchange.Message.Id));
}
