namespace Symbolon.Core.Tools;

/// <summary>The two families of MCP revisions: with an <c>initialize</c> handshake, or stateless (2026-07-28). PROTOCOL.md.</summary>
public enum Era
{
    Legacy,
    Modern,
}

/// <summary>The protocol revisions that we speak.</summary>
public static class ProtocolVersions
{
    public const string V20250326 = "2025-03-26";
    public const string V20250618 = "2025-06-18";
    public const string V20251125 = "2025-11-25";
    public const string V20260728 = "2026-07-28";

    public static readonly IReadOnlyList<string> Legacy = [V20251125, V20250618, V20250326];
    public static readonly IReadOnlyList<string> Modern = [V20260728];
}
