namespace Symbolon.Core.Registry;

/// <summary>
/// <c>spec.limits</c> of a server: what holds for it in the place of the node's own limits. Null is the node's. DESIGN.md section 4, Bytes.
/// </summary>
public sealed record UpstreamLimits
{
    public const int LeastAnswer = 1024;
    public const int MostAnswer = 256 * 1024 * 1024;

    /// <summary>Seconds: to connect, of silence, of a whole call.</summary>
    public const int MostConnect = 60;
    public const int MostSilence = 3600;
    public const int MostCall = 86_400;

    /// <summary>Bytes of one JSON answer or SSE event.</summary>
    public int? AnswerBytes { get; init; }

    /// <summary>Seconds until a connection stands.</summary>
    public int? ConnectSeconds { get; init; }

    /// <summary>Seconds that it may say nothing during a call.</summary>
    public int? SilenceSeconds { get; init; }

    /// <summary>Seconds that one call may take as a whole.</summary>
    public int? CallSeconds { get; init; }
}
