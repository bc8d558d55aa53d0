namespace Symbolon.Admin.Clients;

/// <summary>A client that takes a pasted token, and where its configuration is.</summary>
/// <param name="Id">Its name in queries and on the command line.</param>
/// <param name="Name">What people call it.</param>
/// <param name="File">The file that the text goes into, from the root of a project or of a home folder.</param>
/// <param name="Advice">What is particular about it.</param>
public sealed record McpClient(string Id, string Name, string File, string Advice)
{
    public static readonly McpClient ClaudeCode = new("claude-code", "Claude Code", ".mcp.json", "At the root of the project. The file holds no secret, so it can be committed.");
    public static readonly McpClient Cursor = new("cursor", "Cursor", ".cursor/mcp.json", "In the project, or under your home folder for all projects. It holds no secret.");
    public static readonly McpClient VsCode = new("vscode", "VS Code", ".vscode/mcp.json", "VS Code asks for the token once and keeps it in its own store.");
    public static readonly McpClient Windsurf = new("windsurf", "Windsurf", "~/.codeium/windsurf/mcp_config.json", "It holds no secret.");
    public static readonly McpClient Codex = new("codex", "Codex", "~/.codex/config.toml", "It names the variable; the secret stays in the environment.");
    public static readonly McpClient Gemini = new("gemini", "Gemini CLI", "~/.gemini/settings.json", "Or .gemini/settings.json in the project. It holds no secret.");

    /// <summary>In the order in which they are shown.</summary>
    public static readonly IReadOnlyList<McpClient> All = [ClaudeCode, Cursor, VsCode, Windsurf, Codex, Gemini];

    public static string Ids => string.Join(", ", All.Select(client => client.Id));

    public static McpClient? Find(string? id) => All.FirstOrDefault(client => client.Id == id);
}
