using System.CommandLine;
using System.Text.Json;
using Symbolon.Admin;
using Symbolon.Admin.Console.ServerPages;
using Symbolon.Cli;
using Symbolon.UnitTests.Cli;

namespace Symbolon.UnitTests.Admin.Console;

/// <summary>What a page says to paste is a whole command.</summary>
[Trait("area", "console")]
public sealed class RegisterAgainTests
{
    [Theory]
    [InlineData("""{"upstream":{"transport":"http","url":"http://127.0.0.1:7001/mcp"}}""", "symbolon server register shop --owner ops@example.com --url http://127.0.0.1:7001/mcp")]
    [InlineData("""{"upstream":{"transport":"http","url":"https://api.example.com/mcp?a=1&b=2"},"credential":{"mode":"static","header":"X-Api-Key","secret":"shop","expires":"2027-03-01"}}""",
        "symbolon server register shop --owner ops@example.com --header X-Api-Key=@- --url 'https://api.example.com/mcp?a=1&b=2'")]
    [InlineData("""{"upstream":{"transport":"stdio","command":"/usr/bin/node","args":["/srv/it's.js","--root","/data"],"env":{"MODE":"quiet"},"cwd":"/srv","isolation":"caller"}}""",
        "symbolon server register shop --owner ops@example.com --cwd /srv --isolation caller --env MODE=quiet -- /usr/bin/node '/srv/it'\\''s.js' --root /data")]
    public async Task A_server_is_registered_again_by_a_command_that_the_command_line_takes(string spec, string expected)
    {
        await using var host = await AdminHost.StartAsync();
        var whole = spec[..^1] + ""","tools":[{"name":"look","effect":"read"}]}""";
        var applied = await host.PostAsync("/api/v1/apply", $$$"""{"documents":[{"apiVersion":"symbolon/v1","kind":"Server","metadata":{"name":"shop","owner":"ops@example.com"},"spec":{{{whole}}}}]}""");
        Assert.True(applied.Status == 200, applied.Text);
        var server = JsonSerializer.Deserialize((await host.GetAsync("/api/v1/servers/shop")).Text, AdminJson.Default.ServerResponse)!;

        var command = RegisterAgain.CommandOf(server)!;
        Assert.Equal(expected, command);
        var words = command.Split(' ')[1..];
        var dashes = Array.IndexOf(words, "--");
        var outside = new FakeApi().Outside;
        Assert.Empty(CommandLine.Build(dashes < 0 ? outside : outside with { BehindDashes = words[(dashes + 1)..] }).Parse(words, new ParserConfiguration { ResponseFileTokenReplacer = null }).Errors);
    }
}
