using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Symbolon.EndToEndTests.Fixtures;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Clients;

/// <summary>An unmodified OAuth client of npm (<c>oauth4webapi</c>) and the TypeScript SDK, from the first refusal to a tool's answer and to the end of the token.</summary>
[Trait("area", "oauth")]
public sealed class OAuthClientTests(RunningGateway gateway)
{
    [Fact]
    [Trait("clause", "PROTOCOL.md §4 client credentials")]
    public async Task An_agent_with_a_key_gets_a_token_calls_a_tool_and_gives_the_token_back()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var folder = new KeyFolder(key);
        await gateway.Setup.Api.ApplyAsync(Agent("machine", key), Grant("machine", "everything", "echo"));

        await using var client = NodeProgram.Start(
            [NodeProgram.File("oauth.mjs"), new Uri(gateway.Symbolon.Url, "/mcp/everything").ToString(), "agent:machine", folder.Path, "echo", """{"message":"hello"}"""]);
        var steps = (await NodeProgram.LinesAsync(client)).ToDictionary(line => (string)line["step"]!);

        Assert.Equal(401, (int)steps["challenge"]["status"]!);
        Assert.Contains("/.well-known/oauth-protected-resource/mcp/everything", (string)steps["challenge"]["challenge"]!, StringComparison.Ordinal);
        Assert.Equal(("bearer", "mcp:everything:@granted"), ((string)steps["token"]["type"]!, (string)steps["token"]["scope"]!));
        Assert.Equal(("agent:machine", "agent:machine"), ((string)steps["validated"]["sub"]!, (string)steps["validated"]["client_id"]!));
        Assert.Equal("Echo: hello", (string)steps["called"]["result"]!["content"]![0]!["text"]!);
        Assert.True((bool)steps["active"]["active"]!);
        Assert.False((bool)steps["given back"]["active"]!);
        Assert.NotNull(steps["called again"]["error"]);
        Assert.Null(steps["called again"]["result"]);

        var issued = Assert.Single(await gateway.Setup.Api.AuditAsync("kind=token_issued&agent=machine"));
        var token = (string)issued["token"]!;
        var calls = await gateway.Setup.Api.AuditAsync($"kind=call_outcome&token={token}");
        Assert.Equal("completed", (string)Assert.Single(calls)["outcome"]!);
    }

    [Theory]
    [InlineData("sdk1")]
    [InlineData("sdk2")]
    [Trait("clause", "PROTOCOL.md §4 client credentials")]
    public async Task A_client_of_an_SDK_that_is_given_a_key_finds_the_way_and_calls_a_tool(string sdk)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var folder = new KeyFolder(key);
        var name = $"machine-{sdk}";
        await gateway.Setup.Api.ApplyAsync(Agent(name, key), Grant(name, "everything", "echo"));
        await using var client = NodeProgram.Start(
            [NodeProgram.File("machine.mjs"), sdk, new Uri(gateway.Symbolon.Url, "/mcp/everything").ToString(), $"agent:{name}", folder.Path, "echo", """{"message":"hello"}"""]);
        var line = Assert.Single(await NodeProgram.LinesAsync(client));
        Assert.Equal(("Echo: hello", "mcp:everything:@granted"), ((string?)line["result"]!["content"]![0]!["text"], (string?)line["scope"]));
    }

    [Fact]
    [Trait("clause", "RFC 9449 §8")]
    public async Task An_agent_gets_a_bound_token_by_a_nonce_and_uses_it_with_a_proof_for_each_request_of_an_SDK_2_session()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var folder = new KeyFolder(key);
        await using var symbolon = await SymbolonProcess.StartAsync(null, ("SYMBOLON_TOKENS_DPOP_NONCE", "always"), ("SYMBOLON_TOKENS_BINDING", "dpop"));
        using var setup = new Setup(symbolon);
        await setup.ServerAsync("sdk2", gateway.Sdk2, Setup.Reads("add"));
        await setup.Api.ApplyAsync(Agent("machine", key), Grant("machine", "sdk2", "add"));

        await using var client = NodeProgram.Start(
            [NodeProgram.File("dpop.mjs"), new Uri(symbolon.Url, "/mcp/sdk2").ToString(), "agent:machine", folder.Path, "add", """{"a":2,"b":3}"""]);
        var steps = (await NodeProgram.LinesAsync(client)).ToDictionary(line => (string)line["step"]!);

        Assert.Equal(("ES256", "ES256"), ((string)steps["metadata"]["server"]![0]!, (string)steps["metadata"]["resource"]![0]!));
        Assert.Equal("dpop", (string)steps["token"]["type"]!);
        Assert.Equal("use_dpop_nonce", (string)steps["token"]["nonces"]![0]!);
        var thumbprint = (string)steps["token"]["jkt"]!;
        Assert.Equal("add", (string)steps["called"]["tools"]![0]!);
        Assert.Equal("5", (string)steps["called"]["result"]!["content"]![0]!["text"]!);
        Assert.Equal(("agent:machine", thumbprint), ((string)steps["validated"]["sub"]!, (string)steps["validated"]["jkt"]!));
        Assert.Equal((true, "DPoP", thumbprint), ((bool)steps["introspected"]["active"]!, (string)steps["introspected"]["type"]!, (string)steps["introspected"]["jkt"]!));
        foreach (var (step, code) in new[] { ("as a bearer token", "proof_required"), ("without a proof", "proof_required"), ("with a proof that was used", "proof_invalid") })
        {
            Assert.Equal((401, code), ((int)steps[step]["status"]!, (string)steps[step]["code"]!));
            Assert.StartsWith("DPoP ", (string)steps[step]["challenge"]!, StringComparison.Ordinal);
        }
        Assert.Equal("completed", (string)Assert.Single(await setup.Api.AuditAsync("kind=call_outcome&tool=add"))["outcome"]!);
    }

    private static JsonObject Agent(string name, ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new JsonObject
        {
            ["apiVersion"] = "symbolon/v1", ["kind"] = "Agent", ["metadata"] = new JsonObject { ["name"] = name, ["owner"] = "owner@example.com" },
            ["spec"] = new JsonObject
            {
                ["keys"] = new JsonArray(new JsonObject
                {
                    ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Base64UrlText(point.X!), ["y"] = Base64UrlText(point.Y!),
                }),
            },
        };
    }

    private static JsonObject Grant(string agent, string server, string tool) => new()
    {
        ["apiVersion"] = "symbolon/v1", ["kind"] = "Grant", ["metadata"] = new JsonObject { ["name"] = $"{agent}-{server}" },
        ["spec"] = new JsonObject
        {
            ["to"] = new JsonObject { ["agents"] = new JsonArray(agent) },
            ["servers"] = new JsonArray(new JsonObject { ["name"] = server, ["tools"] = new JsonArray(tool) }),
        },
    };

    private static string Base64UrlText(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);

    /// <summary>A file with the private key, for the client alone.</summary>
    private sealed class KeyFolder : IDisposable
    {
        private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("symbolon-key-");

        public KeyFolder(ECDsa key) => File.WriteAllText(Path, key.ExportPkcs8PrivateKeyPem());

        public string Path => System.IO.Path.Combine(folder.FullName, "key.pem");

        public void Dispose() => folder.Delete(recursive: true);
    }
}
