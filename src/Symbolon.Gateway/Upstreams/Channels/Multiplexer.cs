using System.Numerics;
using System.Text;
using Microsoft.Extensions.Logging;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Gateway.Mcp;
using Symbolon.Jose.Json;

namespace Symbolon.Gateway.Upstreams.Channels;

/// <summary>
/// Lets many exchanges share one channel: each has an id and a progress token of its own there, and gets back what came under them
/// in its own words. What comes under no open id or token reaches nobody.
/// </summary>
internal sealed partial class Multiplexer : IChannelListener, IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<long, ChannelExchange> open = [];
    private readonly AnswerEnvelope envelope = new();
    private readonly IMessageChannel channel;
    private readonly ChannelLimits limits;
    private readonly bool isShared;
    private readonly ClientFeatures? ofSession;
    private readonly string server;
    private readonly ILogger log;
    private volatile bool isClosed;
    private DeliveryQueue? stream;
    private int listening;

    /// <summary>Questions that are not answered yet.</summary>
    private int asking;
    private long lastId;
    private long dropped;

    /// <param name="isShared">Callers who do not trust one another share it: what cannot be told apart goes to nobody.</param>
    /// <param name="ofSession">What the client declared of the one session that has this channel for itself; null where there is none, and nobody is asked anything.</param>
    public Multiplexer(IMessageChannel channel, ChannelLimits limits, bool isShared, string server, ILogger log, ClientFeatures? ofSession = null)
    {
        (this.channel, this.limits, this.isShared, this.server, this.log, this.ofSession) = (channel, limits, isShared, server, log, ofSession);
        channel.Listen(this);
    }

    /// <summary>Called when the server says that its list of tools changed.</summary>
    public Action? ToolsChanged { get; set; }

    /// <summary>Nothing more will come.</summary>
    public bool IsClosed => isClosed;

    /// <summary>Messages that reached nobody.</summary>
    public long Dropped => Interlocked.Read(ref dropped);

    /// <summary>Open requests that will be answered; subscriptions are none.</summary>
    public int Count
    {
        get
        {
            lock (gate) return open.Count - listening;
        }
    }

    /// <summary>Somebody has a subscription, or the stream of the session.</summary>
    public bool IsListenedTo
    {
        get
        {
            lock (gate) return listening > 0 || stream is not null;
        }
    }

    /// <summary>Sends a request.</summary>
    /// <exception cref="UpstreamFault">The channel is closed, has too many open requests, or takes no more.</exception>
    public ChannelExchange Send(OutgoingMessage request, string? caller, string? session, string? identity = null, AskedMark? asked = null)
    {
        ChannelExchange exchange;
        lock (gate)
        {
            if (isClosed) throw UpstreamFault.Unreachable();
            if (open.Count >= limits.MostExchanges) throw Overloaded("has too many requests open");
            exchange = new ChannelExchange(++lastId, request, caller, session, limits.MostWaitingBytes) { Asked = asked };
            if (exchange.IsListening && (listening >= limits.MostListening || open.Values.Count(each => each.IsListening && each.IsOf(caller)) >= limits.MostListeningOfOneCaller))
                throw Overloaded("has too many subscriptions open");
            open.Add(exchange.Id, exchange);
            if (exchange.IsListening) listening++;
        }
        if (channel.TrySend(request.Under(exchange.Id), identity)) return exchange;
        Take(exchange.Id);
        throw Overloaded("does not take what is sent to it");
    }

    public void Notify(ReadOnlyMemory<byte> notification) => channel.TrySend(notification);

    /// <summary>A client's answer to what the server asked, under the server's own id.</summary>
    /// <exception cref="UpstreamFault">The channel is closed, or takes no more.</exception>
    public void Respond(OutgoingMessage response)
    {
        if (isClosed) throw UpstreamFault.Unreachable();
        if (!channel.TrySend(response.OnOneLine())) throw Overloaded("does not take what is sent to it");
        NoteAnswered();
    }

    /// <summary>
    /// The stream of the session that has this channel for itself. It has one: who asks last has it, since a client comes again when its connection is gone, and may know so before we do.
    /// </summary>
    /// <exception cref="UpstreamFault">The channel is closed.</exception>
    public DeliveryQueue Listen()
    {
        var fresh = new DeliveryQueue(limits.MostWaitingBytes);
        DeliveryQueue? before;
        lock (gate)
        {
            if (isClosed) throw UpstreamFault.Unreachable();
            (before, stream) = (stream, fresh);
        }
        before?.End(fault: null);
        return fresh;
    }

    public void StopListening(DeliveryQueue to)
    {
        lock (gate)
            if (ReferenceEquals(stream, to)) stream = null;
        to.End(fault: null);
        AnswerUnread(to);
    }

    /// <summary>The caller's own request, and no other's, is told to stop; nothing more comes for it.</summary>
    public void Cancel(OutgoingMessage cancellation, string? caller, string? session, string? identity = null)
    {
        if (!cancellation.RequestId.IsPresent) return;
        ChannelExchange? found;
        lock (gate) found = open.Values.FirstOrDefault(exchange => exchange.Is(caller, session, cancellation.At(cancellation.RequestId)));
        if (found is null || !Take(found.Id)) return;
        channel.TrySend(cancellation.Cancelling(found.Id), identity);
        found.End(fault: null);
    }

    /// <summary>Nobody waits for this any more: the server is told, and a late answer reaches nobody.</summary>
    public void Abandon(ChannelExchange exchange)
    {
        if (!Take(exchange.Id)) return;
        channel.TrySend(Encoding.ASCII.GetBytes("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":" + exchange.Id + "}}"));
        exchange.End(fault: null);
        AnswerUnread(exchange);
    }

    /// <summary>Nobody waits for this any more, and the server is not told.</summary>
    public void Forget(ChannelExchange exchange)
    {
        if (Take(exchange.Id)) exchange.End(fault: null);
    }

    void IChannelListener.Received(ReadOnlySpan<byte> message)
    {
        switch (envelope.Read(message))
        {
            case AnswerKind.Result or AnswerKind.Error when TryTake(message, out var exchange):
                Finish(exchange, message);
                break;
            case AnswerKind.Garbage when envelope.Id.IsPresent && TryTake(message, out var exchange):
                exchange.End(UpstreamFault.Invalid("no response to this request"));
                break;
            case AnswerKind.Request:
                if (!TryAsk(message)) Answer(message, envelope);
                break;
            case AnswerKind.Notification:
                Distribute(message);
                break;
            default:
                Drop("no answer to an open request");
                break;
        }
    }

    void IChannelListener.PassedOver(LongMessage message)
    {
        if (message.HasMethod || (message.IsWhole && message.HasId && message.Id is null)) Drop("over the limit");
        else if (message.Id is not { } id) FailAll(UpstreamFault.Invalid("more than the limit at once, and did not say to whom"));
        else if (Find(id) is { } exchange && Take(id))
            exchange.End(new UpstreamFault(ReasonCode.TooLarge, "The server behind the gateway answered more than the limit at once."));
        else Drop("over the limit");
    }

    void IChannelListener.NotTaken(ReadOnlySpan<byte> message)
    {
        // The other envelope is the reading thread's.
        var sent = new AnswerEnvelope();
        if (sent.Read(message) == AnswerKind.Request && ChannelId.TryRead(sent.Id.In(message), out var id) && Find(id) is { } exchange && Take(id))
            exchange.End(UpstreamFault.Invalid("that it does not take this request"));
    }

    void IChannelListener.Closed()
    {
        lock (gate) isClosed = true;
        FailAll(UpstreamFault.Unreachable());
    }

    public void Dispose()
    {
        channel.Dispose();
        ((IChannelListener)this).Closed();
    }

    private void FailAll(UpstreamFault fault)
    {
        ChannelExchange[] left;
        DeliveryQueue? listener;
        lock (gate)
        {
            left = [.. open.Values];
            open.Clear();
            listening = 0;
            (listener, stream) = (isClosed ? stream : null, isClosed ? null : stream);
        }
        foreach (var exchange in left) exchange.End(fault);
        listener?.End(fault);
    }

    private void Finish(ChannelExchange exchange, ReadOnlySpan<byte> message)
    {
        if (!exchange.IsListening || !TryReadSubscription(message, "result"u8, out var subscription)) exchange.Finish(message, envelope.Id);
        else if (ChannelId.TryRead(subscription.In(message), out var id) && id == exchange.Id) exchange.Finish(message, envelope.Id, subscription);
        else exchange.End(UpstreamFault.Invalid("with the end of another subscription"));
    }

    private void Distribute(ReadOnlySpan<byte> message)
    {
        var method = JsonValue.Root(envelope.Method.In(message));
        var isTools = method.TextEquals("notifications/tools/list_changed"u8);
        if (isTools) ToolsChanged?.Invoke();
        if (method.TextEquals("notifications/progress"u8)) Progress(message);
        else if (listening > 0 && method.TextEquals("notifications/cancelled"u8)) EndSubscription(message);
        else if (listening > 0 && TryReadSubscription(message, "params"u8, out var subscription)) Tell(message, subscription);
        else if (IsOfSession(method) && stream is { } listener) Tell(message, listener);
        else if (isTools || (method.TextEquals("notifications/message"u8) && !isShared)) Broadcast(message);
        else Drop("a notification that belongs to no request");
    }

    /// <summary>What no request was answered with goes to the stream of the session that has the channel for itself, and to that alone.</summary>
    private static bool IsOfSession(JsonValue method) =>
        method.TextEquals("notifications/resources/updated"u8) || method.TextEquals("notifications/resources/list_changed"u8)
        || method.TextEquals("notifications/prompts/list_changed"u8) || method.TextEquals("notifications/tools/list_changed"u8)
        || method.TextEquals("notifications/message"u8) || method.TextEquals("notifications/elicitation/complete"u8);

    private void Tell(ReadOnlySpan<byte> message, DeliveryQueue listener)
    {
        var copy = message.ToArray();
        Splicing.JoinLines(copy);
        if (!listener.TryTell(copy)) Drop("more than the reader of the stream takes");
    }

    /// <summary>A notification of one subscription is that one's alone, whoever else shares the channel.</summary>
    private void Tell(ReadOnlySpan<byte> message, Slice subscription)
    {
        if (!ChannelId.TryRead(subscription.In(message), out var id) || Find(id) is not { IsListening: true } exchange) Drop("a notification of no open subscription");
        else if (!exchange.TryTell(message, subscription)) Drop("more than the reader of a subscription takes");
    }

    /// <summary>In 2026-07-28 a server cancels nothing but a subscription, which ends without an answer.</summary>
    private void EndSubscription(ReadOnlySpan<byte> message)
    {
        if (JsonValue.Root(message).TryGetOnly("params"u8, out var parameters) && parameters.TryGetOnly("requestId"u8, out var named)
            && ChannelId.TryRead(named.Raw, out var id) && Find(id) is { IsListening: true } exchange && Take(id)) exchange.End(fault: null);
        else Drop("a cancellation of no open subscription");
    }

    /// <summary>Of the one member only that all readers take for it.</summary>
    private static bool TryReadSubscription(ReadOnlySpan<byte> message, ReadOnlySpan<byte> within, out Slice place)
    {
        place = default;
        if (!JsonValue.Root(message).TryGetOnly(within, out var outer) || !outer.TryGetOnly("_meta"u8, out var meta) || !meta.TryGetOnly("io.modelcontextprotocol/subscriptionId"u8, out var id)) return false;
        place = Slice.Of(id);
        return true;
    }

    private void Progress(ReadOnlySpan<byte> message)
    {
        if (envelope.Member(message, "params"u8).TryGet("progressToken"u8, out var token)
            && ChannelId.TryRead(token.Raw, out var id) && Find(id) is { HasProgressToken: true } exchange)
            exchange.Progress(message, Slice.Of(token));
        else Drop("progress of no open request");
    }

    private void Broadcast(ReadOnlySpan<byte> message)
    {
        var copy = message.ToArray();
        Splicing.JoinLines(copy);
        lock (gate)
            foreach (var exchange in open.Values)
                if (!exchange.IsListening) exchange.TryTell(copy);
    }

    /// <summary>
    /// Hands a question to the session that has this channel for itself: to its youngest open call, since nothing on a channel says which one it belongs to; without one to its
    /// stream. What may be asked, and under which id, is decided where that is relayed.
    /// </summary>
    private bool TryAsk(ReadOnlySpan<byte> request)
    {
        if (ofSession is not { } features || ClientCapabilities.AskedBy(JsonValue.Root(envelope.Method.In(request))) is not { } feature || !features.HasFlag(feature)) return false;
        var copy = request.ToArray();
        Splicing.JoinLines(copy);
        lock (gate)
        {
            var youngest = open.Values.Where(exchange => exchange.IsOfSession).MaxBy(exchange => (exchange.IsCall, exchange.Id));
            if ((youngest is { IsCall: true } ? youngest : stream ?? youngest)?.TryTell(copy) != true) return false;
            asking++;
            foreach (var exchange in open.Values)
                if (exchange.Asked is { } mark) mark.IsSet = true;
            return true;
        }
    }

    /// <summary>A question that nobody has read when its reader leaves will not be answered by anybody else.</summary>
    private void AnswerUnread(DeliveryQueue left)
    {
        // The other envelope is the reading thread's.
        var read = new AnswerEnvelope();
        while (left.TryRead(out var delivery))
        {
            if (delivery.IsFinal || read.Read(delivery.Message) != AnswerKind.Request) continue;
            Answer(delivery.Message, read);
            NoteAnswered();
        }
    }

    private void NoteAnswered()
    {
        lock (gate)
        {
            if (asking == 0 || --asking > 0) return;
            foreach (var exchange in open.Values)
                if (exchange.Asked is { } mark) mark.IsSet = false;
        }
    }

    /// <summary>What no client is asked.</summary>
    private void Answer(ReadOnlySpan<byte> request, AnswerEnvelope read)
    {
        var isPing = JsonValue.Root(read.Method.In(request)).TextEquals("ping"u8);
        if (!isPing) Drop("a request of the server, which no client takes");
        var answer = new ByteBuffer();
        answer.Write("{\"jsonrpc\":\"2.0\",\"id\":"u8);
        answer.Write(read.Id.In(request));
        answer.Write(isPing ? ",\"result\":{}}"u8 : ",\"error\":{\"code\":-32601,\"message\":\"The client does not take requests.\"}}"u8);
        channel.TrySend(answer.Memory);
    }

    private bool TryTake(ReadOnlySpan<byte> message, out ChannelExchange exchange)
    {
        exchange = null!;
        if (!envelope.Id.IsPresent || !ChannelId.TryRead(envelope.Id.In(message), out var id) || Find(id) is not { } found || !Take(id)) return false;
        exchange = found;
        return true;
    }

    private ChannelExchange? Find(long id)
    {
        lock (gate) return open.GetValueOrDefault(id);
    }

    private bool Take(long id)
    {
        lock (gate)
        {
            if (!open.Remove(id, out var exchange)) return false;
            if (exchange.IsListening) listening--;
            return true;
        }
    }

    /// <summary>Each doubling of the count is logged: a server that goes on cannot fill the log.</summary>
    private void Drop(string what)
    {
        if (BitOperations.IsPow2(Interlocked.Increment(ref dropped))) LogDropped(server, Dropped, what);
    }

    private static UpstreamFault Overloaded(string why) => new(ReasonCode.Overloaded, $"The server behind the gateway {why}; try again later.");

    [LoggerMessage(EventId = 2301, Level = LogLevel.Warning, Message = "Server {Server} sent {Count} messages so far that reached nobody; the last was {What}")]
    private partial void LogDropped(string server, long count, string what);
}
