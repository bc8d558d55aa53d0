using Symbolon.Admin.Clients;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Demo;

/// <summary>What to paste into each client's configuration.</summary>
internal static class ClientSnippets
{
    public static void Print(Screen screen, string server, Uri gateway, string variable)
    {
        var address = new Uri(gateway, $"/t/mcp/{server}").ToString();
        foreach (var client in McpClient.All)
        {
            screen.Line($"\n   {client.Name}: {client.File}");
            foreach (var line in ClientConfig.TextOf(client, server, address, variable).Split('\n')) screen.Line("     " + line);
        }
    }
}
