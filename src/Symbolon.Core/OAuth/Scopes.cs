using Symbolon.Core.Identity;
using Symbolon.Core.Tools;

namespace Symbolon.Core.OAuth;

/// <summary>Texts of scopes. DESIGN.md section 4, Scopes.</summary>
public static class Scopes
{
    public static string Tool(ServerName server, ToolName tool) => $"mcp:{server.Value}:{tool.Value}";

    public static string Class(ServerName server, Effect effect) => $"mcp:{server.Value}:@{effect.ToText()}";

    public static string Granted(ServerName server) => $"mcp:{server.Value}:@granted";
}
