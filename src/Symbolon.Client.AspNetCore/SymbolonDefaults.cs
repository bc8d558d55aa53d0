namespace Symbolon.Client.AspNetCore;

/// <summary>Names of the authentication schemes.</summary>
public static class SymbolonDefaults
{
    /// <summary>Of an API: tokens that servers have from Symbolon.</summary>
    public const string ApiScheme = "Symbolon";

    /// <summary>Of an MCP server's own endpoint: call tokens of the gateway.</summary>
    public const string ServerScheme = "SymbolonServer";
}
