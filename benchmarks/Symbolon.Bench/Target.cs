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

    /// <summary>npm <c>mcp-proxy</c>.</summary>
    McpProxy,

    /// <summary>npm <c>supergateway</c>.</summary>
    Supergateway,

    /// <summary>npm <c>oidc-provider</c>, for tokens.</summary>
    OidcProvider,
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
    /// <summary>The session in which every call is made; null for calls without one.</summary>
    public string? Session { get; init; }

    /// <summary>The server's own process below <see cref="Server"/>, which then is counted apart.</summary>
    public Server? Behind { get; init; }

    /// <summary>How tables call it.</summary>
    public string Name => Hop switch
    {
        _ when Session is not null || Upstream == TokenStage.Work => NameOf(Hop),
        Hop.Direct => "direct",
        Hop.Nginx => "nginx",
        Hop.Bare => "bare hop",
        Hop.IntentFirst => $"Symbolon, {Effect}, intent first",
        Hop.Postgres => $"Symbolon, {Effect}, PostgreSQL",
        Hop.Unrecorded => $"Symbolon, {Effect}, without its audit",
        _ => $"Symbolon, {Effect}",
    };

    /// <summary>A gateway's name, whatever is called.</summary>
    public static string NameOf(Hop hop) => hop switch
    {
        Hop.McpProxy => "mcp-proxy",
        Hop.Supergateway => "supergateway",
        Hop.OidcProvider => "oidc-provider",
        _ => hop.ToString(),
    };

    private string Effect => Tool == Fleet.WriteTool ? "write" : "read";
}

/// <summary>A target under a number of connections.</summary>
internal sealed record Cell(Target Target, int Connections);

/// <summary>One round of a cell. Times in microseconds.</summary>
internal sealed record Round(double PerSecond, double P50, double P99, double CpuPerRequest, double ResidentMegabytes)
{
    /// <summary>Of the server's own process, where it is counted apart from the gateway that started it.</summary>
    public double? BehindCpuPerRequest { get; init; }

    /// <inheritdoc cref="BehindCpuPerRequest"/>
    public double? BehindMegabytes { get; init; }
}
