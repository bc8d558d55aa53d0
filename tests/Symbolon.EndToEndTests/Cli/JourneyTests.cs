using System.Net;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Cli;

/// <summary>The real executable from a clean folder to a verified audit, as an administrator types it.</summary>
[Trait("area", "cli")]
[UnsupportedOSPlatform("windows")]
public sealed class JourneyTests(CommandJourney journey) : IClassFixture<CommandJourney>
{
    private static readonly IReadOnlyDictionary<string, string?> Nothing = new Dictionary<string, string?>();

    [Fact]
    public async Task From_register_to_a_verified_audit()
    {
        await journey.ShopAsync();

        var issued = await RunAsync("token", "issue", "--user", "Alice@example.com", "--agent", "claude-code", "--create-agent", "owner@example.com",
            "--create-grant", "alice-shop", "--server", "shop:list_orders,get_order", "--ttl", "1h", "--note", "for the journey");
        var secret = issued.Expect().Output;
        Assert.Matches("^sym_usr_[0-9A-Za-z]{49}$", secret);
        Assert.DoesNotContain(secret, issued.Errors, StringComparison.Ordinal);
        Assert.Contains("/t/mcp/shop with the header Authorization", issued.Errors, StringComparison.Ordinal);
        Assert.Equal("1h", (string?)(await RunAsync("grant", "show", "alice-shop", "-o", "json")).Expect().Json["maxTtl"]);

        Assert.Equal(["get_order", "list_orders"], (await journey.Wire.ToolsAsync("shop", secret)).Order());
        Assert.Contains("Bronze ring", (await journey.Wire.CallAsync("shop", secret, "get_order", """{"id":1001}""")).ToolText, StringComparison.Ordinal);
        Assert.Equal("not_granted", (await journey.Wire.CallAsync("shop", secret, "delete_customer", """{"id":1}""")).Reason);

        var listed = Assert.Single((await RunAsync("token", "list", "--server", "shop", "--user", "alice@example.com", "-o", "json")).Expect().Json.AsArray())!;
        Assert.Equal(("live", "alice@example.com", "for the journey"), ((string?)listed["state"], (string?)listed["user"], (string?)listed["note"]));

        (await RunAsync("revoke", "--token", (string)listed["id"]!, "--reason", "journey's end", "--yes")).Expect();
        Assert.Equal(HttpStatusCode.Unauthorized, (await journey.Wire.ListAsync("shop", secret)).Status);

        var refused = (await RunAsync("audit", "query", "--code", "not_granted", "--agent", "claude-code", "-o", "json")).Expect().Json.AsArray();
        Assert.Contains(refused, record => (string?)record!["event"]!["tool"] == "delete_customer" && (string?)record["event"]!["user"] == "alice@example.com");
        (await RunAsync("audit", "verify")).Expect();
    }

    [Fact]
    public async Task A_workflow_its_grant_and_its_token_come_in_one_step_with_a_record_each()
    {
        await journey.ShopAsync();

        var secret = (await RunAsync("token", "issue", "--workflow", "nightly", "--create-workflow", "owner@example.com", "--create-grant", "nightly",
            "--server", "shop:list_orders", "--reason", "the nightly report")).Expect().Output;

        Assert.Matches("^sym_wfl_[0-9A-Za-z]{49}$", secret);
        Assert.Equal(["list_orders"], await journey.Wire.ToolsAsync("shop", secret));
        Assert.Equal("owner@example.com", (string?)(await RunAsync("workflow", "show", "nightly", "-o", "json")).Expect().Json["owner"]);
        var records = (await RunAsync("audit", "query", "--workflow", "nightly", "--oldest-first", "-o", "json")).Expect().Json.AsArray().Select(record => record!["event"]!).ToList();
        Assert.Equal(["create Workflow/nightly", "create Grant/nightly"], records.Take(2).Select(record => $"{record["action"]} {record["target"]}"));
        Assert.Equal(("token_issued", "the nightly report"), ((string?)records[2]["kind"], (string?)records[2]["reason"]));
    }

    [Fact]
    public async Task Stored_secrets_are_listed_without_their_values()
    {
        await journey.ShopAsync();

        var listed = (await RunAsync("secret", "list", "-o", "json")).Expect();

        var secret = Assert.Single(listed.Json.AsArray())!;
        Assert.Equal(("shop", "shop"), ((string?)secret["name"], (string?)Assert.Single(secret["usedBy"]!.AsArray())));
        Assert.True(DateOnly.TryParseExact((string?)secret["expires"], "yyyy-MM-dd", out _));
        Assert.DoesNotContain(File.ReadAllText(journey.KeyFile).Trim(), listed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_verifies_offline_and_a_change_of_it_is_found()
    {
        var file = Path.Combine(journey.Folder, "audit.jsonl");
        (await RunAsync("agent", "list")).Expect();
        (await RunAsync("audit", "export", "--file", file)).Expect();

        var whole = await CommandJourney.RunAsync(Nothing, "audit", "verify", file);
        Assert.Contains("Verified", whole.Expect().Output, StringComparison.Ordinal);

        var text = File.ReadAllText(file);
        // It may be the only copy of what was.
        (await RunAsync("audit", "export", "--file", file)).Expect(3);
        Assert.Equal(text, File.ReadAllText(file));
        var changed = Path.Combine(journey.Folder, "changed.jsonl");
        // The first record: the last one is proven by nothing behind it in the file, only by the head that verify names.
        File.WriteAllText(changed, text.Replace("bound to the master key", "bound to another key...", StringComparison.Ordinal));
        (await CommandJourney.RunAsync(Nothing, "audit", "verify", changed)).Expect(2);

        File.WriteAllText(changed, "what is this\n" + text);
        (await CommandJourney.RunAsync(Nothing, "audit", "verify", changed)).Expect(1);
    }

    [Fact]
    public async Task A_server_that_speaks_both_eras_is_pinned_in_both_and_its_key_is_nowhere_to_be_read()
    {
        await journey.ShopAsync();

        var shown = (await RunAsync("server", "show", "shop", "-o", "json")).Expect();

        var tools = shown.Json["approved"]!["tools"]!.AsArray();
        Assert.Equal(6, tools.Count);
        Assert.Equal(("read", "read", "irreversible"), (EffectOf("list_orders"), EffectOf("get_order"), EffectOf("delete_customer")));
        Assert.All(tools, tool => Assert.StartsWith("sha256:", (string?)tool!["digests"]!["legacy"], StringComparison.Ordinal));
        // The SDK wraps lists as an object for the older revisions, so the definitions differ between the eras.
        Assert.Contains(tools, tool => (string?)tool!["digests"]!["legacy"] != (string?)tool["digests"]!["modern"]);
        foreach (var output in new[] { shown.Output, (await RunAsync("export")).Expect().Output, (await RunAsync("audit", "export")).Expect().Output })
            Assert.DoesNotContain("the-key-of-the-shop", output, StringComparison.Ordinal);

        string? EffectOf(string name) => (string?)tools.Single(tool => (string?)tool!["name"] == name)!["effect"];
    }

    [Fact]
    public async Task What_is_exported_and_applied_again_changes_nothing()
    {
        var files = Path.Combine(journey.Folder, "files");
        Directory.CreateDirectory(files);
        File.WriteAllText(Path.Combine(files, "a.yaml"), """
            apiVersion: symbolon/v1
            kind: Server
            metadata: { name: filed, owner: owner@example.com, labels: { "note": "yes: \"no\" \u001b[31m # 12" } }
            spec:
              upstream: { transport: http, url: "http://127.0.0.1:9/mcp", era: legacy }
              tools:
                - name: read_it
                  description: "two\nlines, é漢😀"
                  inputSchema: { type: object, properties: { n: { maximum: 1.10, enum: [9007199254740993, 1e400, "1"] } } }
                  digests: { legacy: "sha256:0000000000000000000000000000000000000000000000000000000000000000" }
                  effect: read
                  flags: [sensitive]
            ---
            apiVersion: symbolon/v1
            kind: Agent
            metadata: { name: "007", owner: owner@example.com }
            ---
            apiVersion: symbolon/v1
            kind: Grant
            metadata: { name: "1e3" }
            spec:
              to: { users: ["*"], agents: ["007"] }
              servers: [{ name: filed, tools: [read_it], effects: [read] }]
              expires: 2027-03-31
              tokens: { maxTtl: 8h, binding: any }
            ---
            apiVersion: symbolon/v1
            kind: Resource
            metadata: { name: project-metadata }
            spec: { pattern: "project/*/metadata", reaches: ["project/*/secrets"], triggers: ["ci/*/pipeline"], sensitivity: internal }
            """);
        // A server's version will wait for a review: that is what a plan is asked for, and its exit code 2.
        (await RunAsync("plan", "-f", files)).Expect(2);
        Assert.Contains("symbolon review show filed.1", (await RunAsync("apply", "-f", files)).Expect().Errors, StringComparison.Ordinal);
        (await RunAsync("plan", "-f", files)).Expect();
        (await RunAsync("apply", "-f", files)).Expect();

        var exported = (await RunAsync("export")).Expect().Output;
        var again = Path.Combine(journey.Folder, "again.yaml");
        File.WriteAllText(again, exported);
        var folder = Path.Combine(journey.Folder, "folder");
        (await RunAsync("export", "-f", folder)).Expect();

        foreach (var from in new[] { again, folder })
        {
            var applied = (await RunAsync("apply", "-f", from, "-o", "json")).Expect().Json.AsArray();
            Assert.All(applied, item => Assert.Equal("unchanged", (string?)item!["action"]));
            Assert.Contains(applied, item => (string?)item!["name"] == "1e3");
        }
        Assert.Contains("9007199254740993", exported, StringComparison.Ordinal);
        Assert.Contains("1e400", exported, StringComparison.Ordinal);

        Assert.Contains("project-metadata\tactive\tproject/*/metadata\tinternal\tproject/*/secrets\tci/*/pipeline", (await RunAsync("resource", "list")).Expect().Output, StringComparison.Ordinal);
        (await RunAsync("resource", "retire", "project-metadata", "--yes")).Expect();
        Assert.Equal("retired", (string?)(await RunAsync("resource", "show", "project-metadata", "-o", "json")).Expect().Json["state"]);
    }

    [Fact]
    public async Task A_secret_for_a_file_goes_there_alone()
    {
        var file = Path.Combine(journey.Folder, "token.env");
        string[] command = ["token", "issue", "--agent", "filer", "--create-agent", "owner@example.com", "--create-grant", "filer", "--server", "shop:list_orders", "--env-file", file];
        await journey.ShopAsync();

        var issued = (await RunAsync(command)).Expect();

        Assert.Equal("", issued.Output);
        Assert.Matches("^SYMBOLON_GATEWAY_TOKEN=sym_agt_[0-9A-Za-z]{49}\n$", File.ReadAllText(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        // A second one would overwrite the only copy of the first.
        (await RunAsync(command)).Expect(3);
    }

    [Fact]
    public async Task A_tail_shows_a_record_as_it_comes_and_ends_when_interrupted()
    {
        await using var tail = ChildProcess.Start(SymbolonProcess.Program, ["audit", "tail", "--after", "0", "--kind", "revocation", "-o", "json"], new Dictionary<string, string?>
        {
            ["SYMBOLON_URL"] = journey.Symbolon.Url.GetLeftPart(UriPartial.Authority),
            ["SYMBOLON_TOKEN"] = journey.Symbolon.AdminToken,
        });
        (await journey.Symbolon.RunAsync("revoke", "--user", "watched@example.com", "--yes")).Expect();

        var line = await tail.LineAsync(text => text.Contains("watched@example.com", StringComparison.Ordinal));
        Assert.Equal("revocation", (string?)JsonNode.Parse(line)!["event"]!["kind"]);

        Signal.Send("INT", tail.Id);
        Assert.Equal(130, await tail.ExitAsync());
    }

    private Task<CommandResult> RunAsync(params string[] command) => journey.Symbolon.RunAsync(command);
}
