using Symbolon.Core.Audit;
using Symbolon.Core.OAuth;
using Symbolon.Core.Tools;
using Symbolon.Gateway.Mcp;
using Symbolon.Gateway.Upstreams;
using Symbolon.Gateway.Upstreams.Channels;
using Symbolon.Gateway.Upstreams.Credentials;
using Symbolon.Jose.Json;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>What the gateway says to, and records of, an upstream that sends what nobody asked for.</summary>
internal sealed class UpstreamRefusals(IAuditLog audit, TimeProvider clock)
{
    /// <summary>Answers and records a request gets at most this often; a server that goes on is not listened to.</summary>
    private const int Most = 32;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    public static readonly Refusal UnknownSession =
        Refusal.Malformed("This session is unknown or has ended. Initialize again.") with { Form = RefusalForm.UnknownSession };

    /// <summary>Writes the upstream's error under this request's id.</summary>
    public static void WriteError(Exchange exchange)
    {
        var message = exchange.Incoming.Span;
        var own = exchange.Own;
        own.Clear();
        own.Write("{\"jsonrpc\":\"2.0\",\"id\":"u8);
        own.Write(exchange.Message.At(exchange.Message.Id));
        own.Write(",\"error\":{"u8);
        var first = true;
        foreach (var member in exchange.Envelope.Member(message, "error"u8))
        {
            own.Write(first ? "\""u8 : ",\""u8);
            own.Write(member.RawName);
            own.Write("\":"u8);
            own.Write(member.Value.Raw);
            first = false;
        }
        own.Write("}}"u8);
    }

    /// <summary>A response to another request came: dropped and recorded.</summary>
    public void RecordDropped(Exchange exchange)
    {
        if (exchange.Dropped++ < Most) Record(exchange, "a message that answers no request of this call");
    }

    private void Record(Exchange exchange, string reason) =>
        audit.Append(new AuditEvent
        {
            Kind = AuditKind.UpstreamDropped,
            Organisation = exchange.Caller!.Record.Organisation,
            Time = clock.GetUtcNow().ToUnixTimeMilliseconds() * 1000,
            Call = exchange.Call,
            Server = RecordedText.Of(exchange.Server),
            Action = "dropped",
            Reason = reason,
        });

    /// <summary>
    /// No request of a server is relayed: it is recorded and answered with an error, a ping with an empty result. Nobody waits for that.
    /// In 2026-07-28 servers may not ask and nobody may answer, so there it is only recorded.
    /// </summary>
    public void Answer(Exchange exchange, ReadOnlySpan<byte> request)
    {
        if (exchange.Dropped++ >= Most) return;
        var isPing = JsonValue.Root(exchange.Envelope.Method.In(request)).TextEquals("ping"u8);
        var isModern = exchange.Era == Era.Modern;
        if (isModern || !isPing) Record(exchange, "a request of the server, which no client takes");
        if (isModern) return;
        var body = new ByteBuffer();
        body.Write("{\"jsonrpc\":\"2.0\",\"id\":"u8);
        body.Write(exchange.Envelope.Id.In(request));
        body.Write(isPing ? ",\"result\":{}}"u8 : ",\"error\":{\"code\":-32601,\"message\":\"The client does not take requests.\"}}"u8);
        _ = PostAsync(exchange.Upstream!, body, exchange.Credential, exchange.Revision?.Text, exchange.Session?.Id, exchange.Caller!.Record);
    }

    private async Task PostAsync(Upstream upstream, ByteBuffer body, CredentialHeader credential, string? version, string? session, TokenRecord caller)
    {
        using var deadline = new CancellationTokenSource(Deadline, clock);
        try
        {
            using var request = UpstreamRequest.Post(upstream.Url, body.Memory, credential, version, session);
            ChannelCaller.Mark(request, upstream.Invoker, caller);
            using var response = await upstream.Invoker.SendAsync(request, deadline.Token);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException or UpstreamFault)
        {
            // The call itself shows whether the upstream is there; its own request was refused either way.
        }
    }
}
