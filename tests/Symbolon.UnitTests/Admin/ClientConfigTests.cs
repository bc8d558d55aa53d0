using System.Text.Json.Nodes;
using Symbolon.Admin.Clients;

namespace Symbolon.UnitTests.Admin;

/// <summary>ECOSYSTEM.md 1.5, the snippet generator.</summary>
[Trait("area", "console")]
public sealed class ClientConfigTests
{
    private const string Address = "https://gw.acme.test/t/mcp/github";

    [Theory]
    [InlineData("claude-code", """{"mcpServers":{"github":{"type":"http","url":"https://gw.acme.test/t/mcp/github","headers":{"Authorization":"Bearer ${ACME_GW_TOKEN}"}}}}""")]
    [InlineData("cursor", """{"mcpServers":{"github":{"url":"https://gw.acme.test/t/mcp/github","headers":{"Authorization":"Bearer ${env:ACME_GW_TOKEN}"}}}}""")]
    [InlineData("vscode", """{"inputs":[{"type":"promptString","id":"symbolon","description":"Symbolon token","password":true}],"servers":{"github":{"type":"http","url":"https://gw.acme.test/t/mcp/github","headers":{"Authorization":"Bearer ${input:symbolon}"}}}}""")]
    [InlineData("windsurf", """{"mcpServers":{"github":{"serverUrl":"https://gw.acme.test/t/mcp/github","headers":{"Authorization":"Bearer ${env:ACME_GW_TOKEN}"}}}}""")]
    [InlineData("gemini", """{"mcpServers":{"github":{"httpUrl":"https://gw.acme.test/t/mcp/github","headers":{"Authorization":"Bearer $ACME_GW_TOKEN"}}}}""")]
    public void A_client_of_JSON_gets_exactly_its_own_form(string client, string expected)
    {
        var text = ClientConfig.TextOf(McpClient.Find(client)!, "github", Address, "ACME_GW_TOKEN");
        Assert.Equal(expected, JsonNode.Parse(text)!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        Assert.DoesNotContain("\\u", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', text);
    }

    [Fact]
    public void Codex_gets_a_table_that_names_the_variable() => Assert.Equal(
        "[mcp_servers.github]\nurl = \"https://gw.acme.test/t/mcp/github\"\nbearer_token_env_var = \"ACME_GW_TOKEN\"",
        ClientConfig.TextOf(McpClient.Codex, "github", Address, "ACME_GW_TOKEN"));

    [Fact]
    public void Every_client_has_a_text_and_a_file_and_an_id_of_its_own()
    {
        Assert.Equal(["claude-code", "cursor", "vscode", "windsurf", "codex", "gemini"], McpClient.All.Select(client => client.Id));
        foreach (var client in McpClient.All)
        {
            Assert.Contains(Address, ClientConfig.TextOf(client, "github", Address), StringComparison.Ordinal);
            Assert.NotEmpty(client.File);
        }
    }

    [Theory]
    [InlineData("claude-code", "SYMBOLON_GATEWAY_TOKEN", "${SYMBOLON_GATEWAY_TOKEN}")]
    [InlineData("codex", "SYMBOLON_GATEWAY_TOKEN", "\"SYMBOLON_GATEWAY_TOKEN\"")]
    [InlineData("vscode", null, "${input:symbolon}")]
    public async Task The_API_answers_with_the_text_for_the_first_public_origin(string client, string? variable, string part)
    {
        await using var host = await AdminHost.StartAsync();
        await host.HaveServerAsync();
        var answer = await host.GetAsync($"/api/v1/servers/shop/client-config?client={client}");
        Assert.Equal(200, answer.Status);
        Assert.Equal("https://symbolon.example.com/t/mcp/shop", answer.Json.GetProperty("address").GetString());
        Assert.Equal(variable, answer.Json.TryGetProperty("variable", out var named) ? named.GetString() : null);
        Assert.Contains(part, answer.Json.GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("shop", "?client=claude-desktop", 400)]
    [InlineData("shop", "", 400)]
    [InlineData("shop", "?client=cursor&client=codex", 400)]
    [InlineData("shop", "?client=cursor&colour=red", 400)]
    [InlineData("shop", "?client=cursor&variable=a", 400)]
    [InlineData("shop", "?client=cursor&variable=A%22%0Ab", 400)]
    [InlineData("nobody", "?client=cursor", 404)]
    [InlineData("..", "?client=cursor", 404)]
    public async Task What_names_no_client_no_variable_or_no_server_is_refused(string server, string query, int status)
    {
        await using var host = await AdminHost.StartAsync();
        await host.HaveServerAsync();
        Assert.Equal(status, (await host.GetAsync($"/api/v1/servers/{server}/client-config{query}")).Status);
    }
}
