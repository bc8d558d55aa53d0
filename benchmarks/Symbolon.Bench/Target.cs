namespace Symbolon.Bench;

/// <summary>What stands between the load and the server.</summary>
internal enum Hop
{
    Direct,
    Nginx,
    Bare,
    Symbolon,

    /// <summary>Symbolon with every intent durable before the call goes out, reads too (<c>audit.intentFirst: all</c>).</summary>
    IntentFirst,

    /// <summary>Symbolon on PostgreSQL.</summary>
    Postgres,

    /// <summary>Symbolon hosted with an audit that forgets, which the product has not: what is left is what the audit does not cost.</summary>
    Unrecorded,
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
    public string Name => Hop switch
    {
        Hop.Direct => "direct",
        Hop.Nginx => "nginx",
        Hop.Bare => "bare hop",
        Hop.IntentFirst => $"Symbolon, {Effect}, intent first",
        Hop.Postgres => $"Symbolon, {Effect}, PostgreSQL",
        Hop.Unrecorded => $"Symbolon, {Effect}, without its audit",
        _ => $"Symbolon, {Effect}",
    };

    private string Effect => Tool == Fleet.WriteTool ? "write" : "read";
}

/// <summary>A target under a number of connections.</summary>
internal sealed record Cell(Target Target, int Connections);

/// <summary>One round of a cell. Times in microseconds.</summary>
internal sealed record Round(double PerSecond, double P50, double P99, double CpuPerRequest, double ResidentMegabytes);
