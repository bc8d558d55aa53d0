using Symbolon.Core.Tools;
using Symbolon.Gateway.Mcp;
using Symbolon.Jose.Json;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>Sends what is no call and needs no intent: the era is known, a credential found, the message written anew.</summary>
internal sealed class Forwarder(RequestEra eras, CallCredentials credentials, UpstreamRelay relay)
{
    /// <returns>Null when the upstream's answer is in the exchange.</returns>
    public async ValueTask<Reply?> ForwardAsync(Exchange exchange) =>
        await PrepareAsync(exchange) ?? await relay.SendAsync(exchange) ?? RequireComplete(exchange);

    /// <summary>Only a call may be answered with a question or a task; a client that answers questions by itself looks at every result.</summary>
    public static Reply? RequireComplete(Exchange exchange) =>
        exchange.Era == Era.Modern && exchange.Envelope is { Kind: AnswerKind.Result, Type: not ResultType.Complete }
            ? ListRequests.Invalid("with a 'resultType' that this request cannot have") : null;

    /// <returns>Null when <see cref="Exchange.Request"/> may be sent.</returns>
    public async ValueTask<Reply?> PrepareAsync(Exchange exchange)
    {
        if (exchange.IsServerSuspended) return new Reply.Refused(ToolRefusals.ServerSuspended);
        if (await eras.EnsureSpokenAsync(exchange) is { } otherEra) return otherEra;
        if (exchange.Message.Method == McpMethod.Initialize) exchange.Revision = VersionFor(exchange.Message);
        if (await credentials.FindAsync(exchange) is { } refused) return refused;
        exchange.Request = Forwarding.Post(exchange);
        return null;
    }

    /// <summary>The version that the client asked for, if it is one of ours; else our latest of its era.</summary>
    private static ProtocolRevision VersionFor(McpMessage message) =>
        JsonValue.Root(message.At(message.RequestedVersion)).TryGetString(out var text)
        && ProtocolRevision.TryParse(text, out var revision) && revision.Era == Era.Legacy
            ? revision : ProtocolRevision.V20251125;
}
