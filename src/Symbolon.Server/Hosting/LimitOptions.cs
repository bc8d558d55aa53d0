namespace Symbolon.Server.Hosting;

/// <summary>What one request, answer or connection may cost at most. Sizes are bytes.</summary>
public sealed record LimitOptions
{
    public const int KiB = 1024;
    public const int MiB = 1024 * KiB;

    /// <summary>Body of an MCP request. 1 KiB to 64 MiB, default 4 MiB.</summary>
    public int Body { get; init; } = 4 * MiB;

    /// <summary>Nesting of a request's JSON. 4 to 512, default 64.</summary>
    public int Depth { get; init; } = 64;

    /// <summary>Members and elements of a request's JSON in all. 100 to 1,000,000, default 10,000.</summary>
    public int Members { get; init; } = 10_000;

    /// <summary>All headers of a request together. 4 KiB to 256 KiB, default 32 KiB.</summary>
    public int Headers { get; init; } = 32 * KiB;

    /// <summary>One JSON answer or SSE event of an upstream. 1 KiB to 256 MiB, default 16 MiB.</summary>
    public int Answer { get; init; } = 16 * MiB;

    /// <summary>Open connections of callers. 16 to 1,000,000, default 8,192.</summary>
    public int Connections { get; init; } = 8192;

    /// <summary>Until a connection to an upstream stands. 100 ms to 60 s, default 5 s.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Silence of an upstream within a call. 1 s to 1 h, default 60 s.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A whole call. 1 s to 24 h, default 10 min.</summary>
    public TimeSpan Call { get; init; } = TimeSpan.FromMinutes(10);
}
