using Symbolon.Core.Policy;
using Symbolon.Core.Tools;
using Symbolon.Gateway.Lists;
using Symbolon.Gateway.Mcp;
using Symbolon.Gateway.Upstreams;
using Symbolon.Jose.Json;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>Every request but <c>tools/call</c>: opening, discovery, lists, log level, pings, notifications.</summary>
internal sealed class OtherRequests(
    RequestEra eras, CallCredentials credentials, UpstreamRelay relay, OpenExchanges open, SessionSeal seal, DriftWatch drift)
{
    private static readonly Reply.Refused UnknownMethod = new(new Refusal(ReasonCode.UnknownMethod, "This method is not offered here."));

    public async ValueTask<Reply> AnswerAsync(Exchange exchange)
    {
        var isModern = exchange.Era == Era.Modern;
        switch (exchange.Message.Method)
        {
            case McpMethod.Ping when !isModern:
                return Pong(exchange);
            case McpMethod.ToolsList:
                return await ForwardAsync(exchange) ?? FilterTools(exchange);
            case McpMethod.Discover when isModern:
                return await ForwardAsync(exchange) ?? CutCapabilities(exchange);
            case McpMethod.Initialize when !isModern:
                return await ForwardAsync(exchange) ?? OpenSession(exchange);
            case McpMethod.SetLevel when !isModern:
                return await ForwardAsync(exchange) ?? AnswerOf(exchange);
            case McpMethod.Initialized when !isModern:
                return await ForwardAsync(exchange) ?? Reply.Bare.Accepted;
            case McpMethod.Cancelled when !isModern:
                open.Cancel(exchange);
                // A server without sessions would take the id for any caller's who has the same.
                return exchange.Session is null ? Reply.Bare.Accepted : await ForwardAsync(exchange) ?? Reply.Bare.Accepted;
            case McpMethod.Initialized or McpMethod.Cancelled or McpMethod.OtherNotification or McpMethod.Response:
                // Nothing waits for it: no request of a server is relayed, and a modern client cancels by leaving.
                return Reply.Bare.Accepted;
            default:
                return UnknownMethod;
        }
    }

    /// <returns>Null when the upstream's answer is in the exchange.</returns>
    private async ValueTask<Reply?> ForwardAsync(Exchange exchange)
    {
        if (exchange.IsServerSuspended) return new Reply.Refused(ToolRefusals.ServerSuspended);
        if (await eras.EnsureSpokenAsync(exchange) is { } otherEra) return otherEra;
        if (exchange.Message.Method == McpMethod.Initialize) exchange.Revision = VersionFor(exchange.Message);
        if (await credentials.FindAsync(exchange) is { } refused) return refused;
        exchange.Request = Forwarding.Post(exchange);
        return await relay.SendAsync(exchange);
    }

    /// <summary>The version that the client asked for, if it is one of ours; else our latest of its era.</summary>
    private static ProtocolRevision VersionFor(McpMessage message) =>
        JsonValue.Root(message.At(message.RequestedVersion)).TryGetString(out var text)
        && ProtocolRevision.TryParse(text, out var revision) && revision.Era == Era.Legacy
            ? revision : ProtocolRevision.V20251125;

    private static Reply.Message Pong(Exchange exchange)
    {
        exchange.Own.Clear();
        exchange.Own.Write("{\"jsonrpc\":\"2.0\",\"id\":"u8);
        exchange.Own.Write(exchange.Message.At(exchange.Message.Id));
        exchange.Own.Write(",\"result\":{}}"u8);
        return Reply.Message.Completed;
    }

    private static Reply.Message AnswerOf(Exchange exchange) =>
        exchange.Envelope.Kind == AnswerKind.Error ? Reply.Message.UpstreamError : Reply.Message.Completed;

    private Reply FilterTools(Exchange exchange)
    {
        if (exchange.Envelope.Kind == AnswerKind.Error) return Reply.Message.UpstreamError;
        var message = exchange.Answer;
        if (!ToolListing.TryGetTools(exchange.Envelope, message, out var tools)) return Invalid("something else than a list of tools");
        var result = exchange.Envelope.Member(message, "result"u8);
        if (!ResultNames.AreUnmistakable(result)) return Mistakable();
        var seen = new List<LiveTool>();
        var reach = exchange.Standing!.Reach;
        var maxAge = (Math.Min(exchange.Caller!.EndsAt, reach.ValidUntil) - exchange.Now) / 1000;
        ResultRewriter.WriteTools(
            exchange.Message.At(exchange.Message.Id), result, tools, reach, exchange.Era, maxAge, seen, exchange.Own);
        exchange.Final = default;
        if (exchange.Upstream![exchange.Era].Observe(seen)) drift.Compare(exchange.Upstream, exchange.Era);
        return Reply.Message.Completed;
    }

    private static Reply CutCapabilities(Exchange exchange)
    {
        if (exchange.Envelope.Kind == AnswerKind.Error) return Reply.Message.UpstreamError;
        var result = exchange.Envelope.Member(exchange.Answer, "result"u8);
        if (!ResultNames.AreUnmistakable(result)) return Mistakable();
        ResultRewriter.WriteCapabilities(exchange.Message.At(exchange.Message.Id), result, exchange.Upstream!.Versions, exchange.Own);
        exchange.Final = default;
        return Reply.Message.Completed;
    }

    private Reply OpenSession(Exchange exchange)
    {
        if (exchange.Envelope.Kind == AnswerKind.Error) return Reply.Message.UpstreamError;
        if (!exchange.Envelope.Member(exchange.Answer, "result"u8).TryGet("protocolVersion"u8, out var agreed)
            || !agreed.TryGetString(out var text) || !ProtocolRevision.TryParse(text, out var revision) || revision.Era != Era.Legacy)
            return Invalid("with a protocol version that is not spoken here");
        exchange.Revision = revision;
        if (exchange.Response!.Headers.TryGetValues(McpHeaders.Session, out var ids))
        {
            var session = new UpstreamSession(string.Concat(ids), revision);
            if (seal.Seal(session, exchange.Caller!.Record, exchange.Standing!.Server.Name) is not { } id) return Invalid("with a session id that cannot be sent back");
            exchange.Http.Response.Headers[McpHeaders.Session] = id;
        }
        return CutCapabilities(exchange);
    }

    private static Reply.Failed Mistakable() => Invalid("with members that differ only in case, or twice");

    private static Reply.Failed Invalid(string what) => new(UpstreamFault.Invalid(what).ToRefusal());
}
