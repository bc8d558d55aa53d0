using Symbolon.Core.Registry;
using Symbolon.Core.Tools;
using Symbolon.Gateway.Lists;
using Symbolon.Gateway.Mcp;
using Symbolon.Gateway.Sealing;

namespace Symbolon.Gateway.ToolCalls;

/// <summary><c>initialize</c> and <c>server/discover</c>: what the server can do, cut to what is relayed, and the session of the legacy era.</summary>
internal sealed class OpeningRequests(Forwarder forwarder, SessionSeal seal)
{
    public async ValueTask<Reply> AnswerAsync(Exchange exchange) =>
        await forwarder.ForwardAsync(exchange)
        ?? (exchange.Message.Method == McpMethod.Initialize ? OpenSession(exchange) : CutCapabilities(exchange));

    private static Reply CutCapabilities(Exchange exchange)
    {
        if (exchange.Envelope.Kind == AnswerKind.Error) return Reply.Message.UpstreamError;
        var result = exchange.Envelope.Member(exchange.Answer, "result"u8);
        if (!ResultNames.AreUnmistakable(result)) return ListRequests.Mistakable();
        ResultRewriter.WriteCapabilities(exchange.Message.At(exchange.Message.Id), result, exchange.Upstream!.Versions, exchange.Standing!.Reach, exchange.Era, exchange.Own);
        exchange.Final = default;
        return Reply.Message.Completed;
    }

    private Reply OpenSession(Exchange exchange)
    {
        if (exchange.Envelope.Kind == AnswerKind.Error) return Reply.Message.UpstreamError;
        if (!exchange.Envelope.Member(exchange.Answer, "result"u8).TryGet("protocolVersion"u8, out var agreed)
            || !agreed.TryGetString(out var text) || !ProtocolRevision.TryParse(text, out var revision) || revision.Era != Era.Legacy)
            return ListRequests.Invalid("with a protocol version that is not spoken here");
        exchange.Revision = revision;
        if (exchange.Response!.Headers.TryGetValues(McpHeaders.Session, out var ids))
        {
            var session = new UpstreamSession(string.Concat(ids), revision, FeaturesOf(exchange));
            if (seal.Seal(session, exchange.Caller!.Record, exchange.Standing!.Server.Name) is not { } id) return ListRequests.Invalid("with a session id that cannot be sent back");
            exchange.Http.Response.Headers[McpHeaders.Session] = id;
        }
        return CutCapabilities(exchange);
    }

    /// <summary>What the server was told of the client.</summary>
    private static ClientFeatures FeaturesOf(Exchange exchange)
    {
        var message = exchange.Message;
        return message.Capabilities.IsPresent
            ? ClientCapabilities.Of(message.At(message.Capabilities)) & exchange.Upstream!.Manifest.ClientFeatures
            : ClientFeatures.None;
    }
}
