using System.Text;
using Symbolon.Core.Tools;
using Symbolon.Gateway.Mcp;

namespace Symbolon.Gateway.Upstreams.Channels;

/// <summary>
/// The first request on a channel. It shows that somebody is there, which era is spoken, and opens the one legacy session that all
/// exchanges of the channel share.
/// </summary>
internal static class Handshake
{
    private const string Client = "\"clientInfo\":{\"name\":\"symbolon\",\"version\":\"1\"}";

    private static readonly OutgoingMessage Discover = OutgoingMessage.Read([.. Encoding.ASCII.GetBytes(
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"server/discover\",\"params\":{\"_meta\":{\"" + ProtocolNames.MetaPrefix + "protocolVersion\":\"" + ProtocolVersions.V20260728
        + "\",\"" + ProtocolNames.MetaPrefix + "clientCapabilities\":{},\"" + ProtocolNames.MetaPrefix + Client[1..] + "}}}")])!;

    private static readonly byte[] Initialized = [.. "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}"u8];

    /// <param name="capabilities">An object as the client wrote it; <c>{}</c> where nobody can be asked.</param>
    /// <returns>What is said to callers who open a session; null when the server speaks no legacy version that we do.</returns>
    /// <exception cref="UpstreamFault">It is gone.</exception>
    public static async Task<OpeningAnswer?> InitializeAsync(Multiplexer channel, byte[] capabilities, CancellationToken cancellation)
    {
        var answer = await AskAsync(channel, Initialize(capabilities), cancellation);
        if (OpeningAnswer.Read(answer) is not { } opening) return null;
        channel.Notify(Initialized);
        return opening;
    }

    /// <returns>Whether the server says that it speaks the modern era.</returns>
    /// <exception cref="UpstreamFault">It is gone.</exception>
    public static async Task<bool> DiscoverAsync(Multiplexer channel, CancellationToken cancellation)
    {
        var answer = await AskAsync(channel, Discover, cancellation);
        var envelope = new AnswerEnvelope();
        if (envelope.Read(answer) != AnswerKind.Result || !envelope.Member(answer, "result"u8).TryGet("supportedVersions"u8, out var versions)) return false;
        foreach (var version in versions.Items)
            if (version.TextEquals("2026-07-28"u8)) return true;
        return false;
    }

    private static OutgoingMessage Initialize(byte[] capabilities) => OutgoingMessage.Read(
    [
        .. "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\""u8, .. Encoding.ASCII.GetBytes(ProtocolVersions.V20251125),
        .. "\",\"capabilities\":"u8, .. capabilities, .. ","u8, .. Encoding.ASCII.GetBytes(Client), .. "}}"u8,
    ])!;

    private static async Task<byte[]> AskAsync(Multiplexer channel, OutgoingMessage request, CancellationToken cancellation)
    {
        var exchange = channel.Send(request, caller: null, session: null);
        try
        {
            while (await exchange.WaitAsync(cancellation))
                while (exchange.TryRead(out var delivery))
                    if (delivery.IsFinal) return delivery.Message;
        }
        catch (OperationCanceledException)
        {
            // An initialize must not be cancelled, and a discover is not worth it: its late answer is dropped.
            channel.Forget(exchange);
            throw;
        }
        throw UpstreamFault.Unreachable();
    }
}
