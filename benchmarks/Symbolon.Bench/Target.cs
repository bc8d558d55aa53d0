namespace Symbolon.Bench;

/// <summary>What stands between the load and the server.</summary>
internal enum Hop
{
    Direct,
    Nginx,
    Bare,
    Symbolon,
}

/// <summary>One address to send one call to.</summary>
/// <param name="Hop">What answers there.</param>
/// <param name="Upstream">json, sse or csharp.</param>
/// <param name="Tool">The tool that is called.</param>
/// <param name="Arguments">Its arguments, JSON.</param>
/// <param name="Url">The address.</param>
/// <param name="Token">The caller's token, for Symbolon.</param>
/// <param name="Server">The process whose time and memory count.</param>
internal sealed record Target(Hop Hop, string Upstream, string Tool, string Arguments, Uri Url, string? Token, Server Server)
{
    /// <summary>How tables call it.</summary>
    public string Name => Hop == Hop.Symbolon ? $"Symbolon, {(Tool == Fleet.WriteTool ? "write" : "read")}" : Hop switch
    {
        Hop.Direct => "direct",
        Hop.Nginx => "nginx",
        _ => "bare hop",
    };
}

/// <summary>A target under a number of connections.</summary>
internal sealed record Cell(Target Target, int Connections);

/// <summary>One round of a cell. Times in microseconds.</summary>
internal sealed record Round(double PerSecond, double P50, double P99, double CpuPerRequest, double ResidentMegabytes);
