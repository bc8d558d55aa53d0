using System.ComponentModel.DataAnnotations;

namespace Symbolon.Gateway;

/// <summary>Limits of the gateway, set by the operator under <c>limits:</c>. All of them are checked before anything starts.</summary>
public sealed class GatewayOptions
{
    /// <summary>Bytes that one request body may have; more is answered 413. Default 4 MiB, 1 KiB to 64 MiB.</summary>
    [Range(1024, 64 * 1024 * 1024)]
    public int MaxBodyBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Containers that may be open at once in a request. Default 64, 4 to 512.</summary>
    [Range(4, 512)]
    public int MaxDepth { get; set; } = 64;

    /// <summary>Members of all objects of one request together. Default 10,000, 16 to 1,000,000.</summary>
    [Range(16, 1_000_000)]
    public int MaxMembers { get; set; } = 10_000;

    /// <summary>Bytes of one JSON answer, or of one SSE event, of an upstream. Default 16 MiB, 1 KiB to 256 MiB.</summary>
    [Range(1024, 256 * 1024 * 1024)]
    public int MaxAnswerBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>Time that an upstream may say nothing during a call. Default 60 s, 100 ms to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan UpstreamSilence { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Time that one call may take as a whole. Default 10 min, 1 s to 1 d.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Calls of read tools, too, wait for their intent before they go out (<c>audit.intentFirst: all</c>). Default false.</summary>
    public bool IntentFirstForReads { get; set; }

    /// <summary>Every proof of DPoP needs a nonce of ours, not only one whose clock is off. Default false.</summary>
    public bool ProofsNeedNonce { get; set; }

    /// <summary>How often the tools of an upstream in use are read again. Default 60 s, 1 s to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ToolsRefresh { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Tokens kept in memory. Default 100,000, 16 to 10,000,000.</summary>
    [Range(16, 10_000_000)]
    public int CachedTokens { get; set; } = 100_000;

    /// <summary>Look-ups of unknown tokens that one address may cause at once, refilled over <see cref="UnknownTokenRefill"/>. Default 20, 1 to 100,000.</summary>
    [Range(1, 100_000)]
    public int UnknownTokenBurst { get; set; } = 20;

    /// <summary>Time after which one more look-up is allowed to an address. Default 200 ms, 1 ms to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan UnknownTokenRefill { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Processes of one server at once, over all callers, sessions and eras. Default 16, 1 to 1,024.</summary>
    [Range(1, 1024)]
    public int MaxProcesses { get; set; } = 16;

    /// <summary>
    /// MiB of data that each process of a server may have; address space that is only reserved does not count, nor does what processes
    /// share. Default 2,048, at most 1,048,576; 0 is no limit.
    /// </summary>
    [Range(0, 1024 * 1024)]
    public int MaxProcessMemory { get; set; } = 2048;

    /// <summary>
    /// Processes that each of these may be with all that it starts; with more it is ended. Looked at twice a second. Default 128, at most
    /// 100,000; 0 is no limit.
    /// </summary>
    [Range(0, 100_000)]
    public int MaxProcessChildren { get; set; } = 128;

    /// <summary>
    /// MiB of memory in use, not shared with a file, that each of these may have with all that it starts; with more it is ended. Looked at twice a
    /// second. Default 4,096, at most 16,777,216; 0 is no limit.
    /// </summary>
    [Range(0, 16 * 1024 * 1024)]
    public int MaxProcessTotalMemory { get; set; } = 4096;

    /// <summary>Processor time that each process of a server may use up in its life; then it is ended. Default 0, no limit; at most 10 d.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "10.00:00:00")]
    public TimeSpan MaxProcessCpu { get; set; } = TimeSpan.Zero;
}
