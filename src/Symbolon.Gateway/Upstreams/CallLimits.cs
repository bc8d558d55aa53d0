using Symbolon.Core.Registry;

namespace Symbolon.Gateway.Upstreams;

/// <summary>What holds for calls of one server: its file's limits, and the node's where that says nothing.</summary>
internal sealed class CallLimits(GatewayOptions node, UpstreamLimits? server)
{
    /// <summary>Bytes of one JSON answer or SSE event.</summary>
    public int AnswerBytes { get; } = server?.AnswerBytes ?? node.MaxAnswerBytes;

    public TimeSpan Silence { get; } = Seconds(server?.SilenceSeconds) ?? node.UpstreamSilence;

    /// <summary>A whole call.</summary>
    public TimeSpan Call { get; } = Seconds(server?.CallSeconds) ?? node.CallTimeout;

    private static TimeSpan? Seconds(int? seconds) => seconds is { } found ? TimeSpan.FromSeconds(found) : null;
}
