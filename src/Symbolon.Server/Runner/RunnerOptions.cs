namespace Symbolon.Server.Runner;

/// <summary>What <c>symbolon runner</c> is told.</summary>
public sealed record RunnerOptions
{
    /// <summary>Path of the socket. What lies there from a runner that was killed is replaced, what is listened on is not.</summary>
    public required string Socket { get; init; }

    /// <summary>The one user who is served.</summary>
    public required uint AllowedUser { get; init; }

    /// <summary>The gateway's data directory, which this process must not be able to read.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Processes at once; a connection over it is closed. 1 to 4,096, default 128.</summary>
    public int MaxProcesses { get; init; } = 128;
}
