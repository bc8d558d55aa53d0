namespace Symbolon.Admin.Clients;

/// <summary>What connects one client to one server.</summary>
/// <param name="Client">Its id, e.g. <c>claude-code</c>.</param>
/// <param name="Server">The server's name.</param>
/// <param name="File">The file that the text goes into.</param>
/// <param name="Address">The server's MCP endpoint under the first public origin.</param>
/// <param name="Variable">The environment variable that holds the token; absent where the client asks for it.</param>
/// <param name="Text">The text itself: JSON or TOML, never with a secret.</param>
public sealed record ClientConfigResponse(string Client, string Server, string File, string Address, string? Variable, string Text)
{
    internal static ClientConfigResponse Of(McpClient client, string server, string origin, string variable = ClientConfig.Variable)
    {
        var address = $"{origin}/t/mcp/{server}";
        return new ClientConfigResponse(client.Id, server, client.File, address, client == McpClient.VsCode ? null : variable, ClientConfig.TextOf(client, server, address, variable));
    }
}
