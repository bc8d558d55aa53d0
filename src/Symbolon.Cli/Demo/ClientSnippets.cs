using System.Text.Json;
using System.Text.Json.Nodes;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Demo;

/// <summary>What to paste into a client's configuration. The token stays in the environment, or is asked for. ECOSYSTEM.md 1.5.</summary>
internal static class ClientSnippets
{
    public static void Print(Screen screen, string server, Uri gateway, string variable)
    {
        var url = new Uri(gateway, $"/t/mcp/{server}").ToString();
        Block(screen, "Claude Code: .mcp.json", Json("mcpServers", server, Remote(url, $"${{{variable}}}", typed: true)));
        Block(screen, "Cursor: .cursor/mcp.json", Json("mcpServers", server, Remote(url, $"${{env:{variable}}}", typed: false)));
        var code = Json("servers", server, Remote(url, "${input:symbolon}", typed: true));
        code["inputs"] = new JsonArray(new JsonObject { ["type"] = "promptString", ["id"] = "symbolon", ["description"] = "Symbolon token", ["password"] = true });
        Block(screen, "VS Code: .vscode/mcp.json", code);
        Block(screen, "Codex: ~/.codex/config.toml", $"[mcp_servers.{server}]\nurl = \"{url}\"\nbearer_token_env_var = \"{variable}\"");
    }

    private static JsonObject Json(string root, string server, JsonObject remote) => new() { [root] = new JsonObject { [server] = remote } };

    private static JsonObject Remote(string url, string token, bool typed)
    {
        var remote = new JsonObject();
        if (typed) remote["type"] = "http";
        remote["url"] = url;
        remote["headers"] = new JsonObject { ["Authorization"] = "Bearer " + token };
        return remote;
    }

    private static void Block(Screen screen, string title, JsonObject json) => Block(screen, title, JsonText.Write(JsonSerializer.SerializeToElement(json)));

    private static void Block(Screen screen, string title, string text)
    {
        screen.Line($"\n   {title}");
        foreach (var line in text.TrimEnd('\n').Split('\n')) screen.Line("     " + line);
    }
}
