using System.Text;
using System.Text.Json.Nodes;
using Symbolon.EndToEndTests.Fixtures;
using Symbolon.Testing.Mcp;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Auditing;

/// <summary>What the audit keeps of arguments where a server's file lets it, and that no secret is kept anywhere on the way.</summary>
[Trait("area", "audit")]
public sealed class RecordedContentTests
{
    [Fact]
    public async Task Arguments_are_kept_from_the_approval_on_redacted_and_the_chain_verifies()
    {
        await using var upstream = new HostileUpstream();
        await using var symbolon = await SymbolonProcess.StartAsync();
        using var setup = new Setup(symbolon);
        using var wire = new McpWire(symbolon.Url);
        await setup.ServerAsync("hostile", upstream.Url);
        var token = await setup.TokenAsync("hostile:fine,fine_sse");
        const string Arguments = """{"region":"eu-1","amount":1.50,"other":"left out","deep":{"password":"hunter2","n":9007199254740993,"z":"\u0000é😀"}}""";

        await CallAsync();
        await KeepAsync(setup, "fine", "region", "amount", "deep");
        await CallAsync();
        (await symbolon.RunAsync("server", "approve", "hostile", "--version", "2")).Expect();
        await CallAsync();
        Assert.Equal("good", (await wire.CallAsync("hostile", token.Secret, "fine_sse", Arguments)).ToolText);

        // A version that waits changes nothing: the third call alone has them, and only its intent.
        var records = await setup.Api.AuditAsync($"token={token.Id}");
        var kept = Assert.Single(records, record => record["arguments"] is not null);
        Assert.Equal(("call_intent", "fine"), ((string?)kept["kind"], (string?)kept["tool"]));
        Assert.Equal(
            """{"redacted":2,"value":{"amount":"1.50","deep":{"n":"9007199254740993","password":"[redacted]","z":"\u0000\u00E9\uD83D\uDE00"},"region":"eu-1"}}""",
            kept["arguments"]!.ToJsonString());
        Assert.Equal(3, records.Count(record => (string?)record["kind"] == "call_intent" && (string?)record["tool"] == "fine"));

        await AssertVerifiedAsync(symbolon);
        await symbolon.KillAsync();
        await symbolon.RestartAsync();
        await AssertVerifiedAsync(symbolon);

        async Task CallAsync() => Assert.Equal("good", (await wire.CallAsync("hostile", token.Secret, "fine", Arguments)).ToolText);
    }

    [Fact]
    public async Task Secrets_marked_with_a_canary_are_in_no_log_no_file_of_the_store_no_record_and_no_answer()
    {
        var canary = $"canary{Guid.NewGuid():N}";
        await using var upstream = new HostileUpstream();
        await using var symbolon = await SymbolonProcess.StartAsync();
        using var setup = new Setup(symbolon);
        using var wire = new McpWire(symbolon.Url);
        var file = Path.Combine(Path.GetTempPath(), $"{canary}.header");
        await File.WriteAllTextAsync(file, $"Bearer {canary}", TestContext.Current.CancellationToken);
        await setup.ServerAsync("hostile", upstream.Url, null, "--header", $"Authorization=@{file}");
        File.Delete(file);
        await KeepAsync(setup, "fine", "note", "options", "list", "name", "value");
        await KeepAsync(setup, "broken", "note");
        var pending = (int)(await setup.Api.GetAsync("/servers/hostile"))["pendingVersion"]!;
        (await symbolon.RunAsync("server", "approve", "hostile", "--version", $"{pending}")).Expect();

        var token = await setup.TokenAsync("hostile:fine,broken");
        var rotated = await setup.TokenAsync("hostile:fine");
        var fresh = (string)(await symbolon.RunAsync("token", "rotate", rotated.Id, "-o", "json")).Expect().Json["token"]!;
        foreach (var arguments in Hostile(canary, token.Secret))
        {
            Assert.Equal("good", (await wire.CallAsync("hostile", token.Secret, "fine", arguments)).ToolText);
            await wire.CallAsync("hostile", token.Secret, "broken", arguments);
            await wire.CallAsync("hostile", token.Secret, "garbage", arguments);
        }
        await wire.CallAsync("hostile", fresh, "fine");
        await wire.CallAsync("hostile", rotated.Secret, "fine");
        await wire.PostAsync($"/t/mcp/hostile?access_token={token.Secret}", null, McpText.Call("fine"), McpWire.Modern("tools/call", "fine"));

        string[] secrets = [canary, token.Secret[8..], fresh[8..], rotated.Secret[8..], symbolon.AdminToken[8..]];
        List<(string Where, string Text)> seen =
        [
            ("audit export", (await setup.Api.SendAsync(HttpMethod.Get, "/audit/export", null)).Text),
            ("audit query", (await symbolon.RunAsync("audit", "query", "-o", "json", "--limit", "200")).Expect().Output),
            ("export", (await setup.Api.GetAsync("/export")).ToJsonString()),
            ("server", (await setup.Api.GetAsync("/servers/hostile")).ToJsonString()),
            ("token", (await setup.Api.GetAsync($"/tokens/{token.Id}")).ToJsonString()),
        ];
        await AssertVerifiedAsync(symbolon);
        Assert.Contains("[redacted]", seen[0].Text, StringComparison.Ordinal);
        Assert.Contains("plain-and-kept", seen[0].Text, StringComparison.Ordinal);
        await symbolon.KillAsync();
        seen.Add(("output", string.Join('\n', symbolon.Process.Output.Concat(symbolon.Process.Errors))));
        List<(string Where, string Text)> files = [];
        foreach (var path in Directory.EnumerateFiles(symbolon.Folder, "*", SearchOption.AllDirectories).Where(path => Path.GetFileName(path) != "admin-token"))
            files.Add((Path.GetFileName(path), Encoding.Latin1.GetString(await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken))));

        // What is kept is found in a file of the store, so what is not found there is not there.
        Assert.Contains(files, each => each.Where.StartsWith("symbolon.db", StringComparison.Ordinal) && each.Text.Contains("plain-and-kept", StringComparison.Ordinal));
        Assert.All(seen.Concat(files), each => Assert.All(secrets, secret => Assert.False(each.Text.Contains(secret, StringComparison.OrdinalIgnoreCase), each.Where)));
        await symbolon.RestartAsync();
    }

    /// <summary>Every secret has the canary in it, or is a token; what is no secret says so.</summary>
    private static IEnumerable<string> Hostile(string canary, string token)
    {
        yield return $$$"""{"note":"plain-and-kept","password":"{{{canary}}}","unlisted":"{{{canary}}}","{{{canary}}}":1}""";
        yield return $$$"""{"options":{"region":"eu","password":"{{{canary}}}","nested":[{"apiKey":"{{{canary}}}"},{"client_secret":{"a":["{{{canary}}}"]} }]} }""";
        yield return $$$"""{"list":["--token","{{{canary}}}"],"options":{"headers":[{"name":"Authorization","value":"{{{canary}}}"}]} }""";
        yield return $$$"""{"note":"{\"password\":\"{{{canary}}}\"}","options":{"Bearer {{{canary}}}":1,"url":"https://me:{{{canary}}}@host/"} }""";
        yield return $$$"""{"note":"curl -H 'Authorization: Bearer {{{canary}}}'","list":["https://host/?access_token={{{canary}}}","password = {{{canary}}}"]}""";
        yield return $$$"""{"name":"Authorization","value":"{{{canary}}}"}""";
        yield return $$$"""{"note":"{{{token}}}","options":{"{{{token}}}":"{{{token}}}","x":["a{{{token}}}b"]} }""";
        yield return $$$"""{"note":"{{{new string('x', 1000)}}}{{{token}}}","options":{"y":"\u0073ym{{{token[3..]}}}"} }""";
        yield return $$$"""{"note":"-----BEGIN PRIVATE KEY-----\n{{{canary}}}\n-----END PRIVATE KEY-----","list":["eyJhbGciOiJub25lIn0.{{{canary}}}."]}""";
    }

    /// <summary>Lets the audit keep these arguments of a tool, once that is approved.</summary>
    private static async Task KeepAsync(Setup setup, string tool, params string[] arguments)
    {
        var document = (await setup.Api.GetAsync("/export")).AsArray().Single(each => (string?)each!["kind"] == "Server")!;
        document["spec"]!["audit"] = new JsonObject { ["content"] = "arguments" };
        document["spec"]!["tools"]!.AsArray().Single(each => (string?)each!["name"] == tool)!["audit"] =
            new JsonObject { ["arguments"] = new JsonArray([.. arguments.Select(name => JsonValue.Create(name))]) };
        await setup.Api.ApplyAsync(document);
    }

    private static async Task AssertVerifiedAsync(SymbolonProcess symbolon) => (await symbolon.RunAsync("audit", "verify")).Expect();
}
