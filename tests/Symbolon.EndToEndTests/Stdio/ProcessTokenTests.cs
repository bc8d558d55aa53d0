using System.Text.Json.Nodes;
using Symbolon.Jose;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Stdio;

/// <summary>A process without a key behind the real program, which reads the token for its API from a file.</summary>
[Trait("area", "stdio")]
public sealed class ProcessTokenTests
{
    [Fact]
    public async Task It_has_a_token_of_what_was_approved_another_one_at_once_when_that_shrinks_and_none_when_it_is_suspended()
    {
        await using var server = await ShellServer.StartAsync();
        var document = (await server.Setup.Api.GetAsync("/export")).AsArray().First(each => (string?)each!["kind"] == "Server")!.AsObject();
        document["spec"]!["credential"] = new JsonObject { ["mode"] = "exchange", ["audience"] = "https://api.example.com", ["ttl"] = "10m", ["file"] = "API_KEY" };
        var echo = document["spec"]!["tools"]!.AsArray().Single(tool => (string?)tool!["name"] == "echo")!;
        echo["needs"] = new JsonArray(Need("docs/*"));
        await server.Setup.Api.ApplyAsync(document.DeepClone().AsObject());
        await server.Setup.Api.PostAsync("/servers/sh/approve", new JsonObject { ["version"] = (int)(await server.Setup.Api.GetAsync("/servers/sh"))["pendingVersion"]! });
        Assert.Equal("unbound_credential", (string?)(await server.Setup.Api.GetAsync("/servers/sh"))["findings"]![0]!["code"]);

        var token = (await server.Setup.TokenAsync("sh:secret,process,echo")).Secret;
        var process = (await server.CallAsync(token, "process")).ToolText;
        // The server says what its variable holds, with another letter for one of it.
        var path = (await server.CallAsync(token, "secret")).ToolText!.Replace('+', '-');
        var first = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        var claims = ClaimsOf(first);
        Assert.Equal(("server:sh", "https://api.example.com", null), ((string?)claims["sub"], (string?)claims["aud"], claims["cnf"]));
        Assert.Equal(["read:docs/*", "write:docs/*"], ((string)claims["scope"]!).Split(' ').Order(StringComparer.Ordinal));
        Assert.InRange((long)claims["exp"]! - (long)claims["iat"]!, 1, 600);
        Assert.Contains(await server.Setup.Api.AuditAsync("server=sh"), record => ((string?)record["reason"])?.EndsWith("bound to no key", StringComparison.Ordinal) == true && (string?)record["token"] == (string?)claims["jti"]);

        echo["needs"] = new JsonArray(Need("docs/a"));
        await server.Setup.Api.ApplyAsync(document.DeepClone().AsObject());
        await Deadline.ForAsync("the next token", () => File.Exists(path) && File.ReadAllText(path) is { Length: > 0 } next && next != first);
        Assert.Equal(["read:docs/a", "write:docs/a"], ((string)ClaimsOf(File.ReadAllText(path))["scope"]!).Split(' ').Order(StringComparer.Ordinal));

        (await server.Symbolon.RunAsync("server", "suspend", "sh", "--reason", "test")).Expect();
        await Deadline.ForAsync("the file to be gone", () => !File.Exists(path));
        Assert.NotNull(process);
        Assert.DoesNotContain(server.Symbolon.Process.Output.Concat(server.Symbolon.Process.Errors), line => line.Contains(first, StringComparison.Ordinal));
    }

    private static JsonObject Need(string resource) => new() { ["actions"] = new JsonArray("read", "write"), ["resource"] = resource };

    private static JsonNode ClaimsOf(string token) => JsonNode.Parse(Base64Url.Decode(System.Text.Encoding.ASCII.GetBytes(token.Split('.')[1]))!)!;
}
