using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Cli;

/// <summary>What goes wrong with commands: each ends with its exit code and says what to do.</summary>
[Trait("area", "cli")]
public sealed class RefusedCommandTests(CommandJourney journey) : IClassFixture<CommandJourney>
{
    [Fact]
    public async Task Without_a_token_it_says_what_to_set()
    {
        var result = await CommandJourney.RunAsync(new Dictionary<string, string?> { ["SYMBOLON_URL"] = journey.Symbolon.Url.GetLeftPart(UriPartial.Authority) }, "server", "list");

        Assert.Contains("DIR/admin-token", result.Expect(4).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_the_token_file_of_the_server_it_works()
    {
        var result = await CommandJourney.RunAsync(new Dictionary<string, string?>
        {
            ["SYMBOLON_URL"] = journey.Symbolon.Url.GetLeftPart(UriPartial.Authority),
            ["SYMBOLON_TOKEN_FILE"] = Path.Combine(journey.Symbolon.Folder, "admin-token"),
        }, "node", "list", "-o", "json");

        Assert.Single(result.Expect().Json.AsArray());
    }

    [Fact]
    public async Task Where_nobody_listens_it_is_unreachable()
    {
        var nowhere = new Dictionary<string, string?> { ["SYMBOLON_URL"] = $"http://127.0.0.1:{FreePort.Take()}", ["SYMBOLON_TOKEN"] = "x" };

        (await CommandJourney.RunAsync(nowhere, "server", "list")).Expect(7);
        (await RunAsync("server", "register", "gone", "--owner", "o@example.com", "--url", $"http://127.0.0.1:{FreePort.Take()}/mcp")).Expect(7);
    }

    [Fact]
    public async Task Where_somebody_listens_already_it_is_said_in_a_line_and_not_with_a_stack()
    {
        var taken = journey.Symbolon.Url.GetLeftPart(UriPartial.Authority);

        var result = await CommandJourney.RunAsync(new Dictionary<string, string?>(), "serve", "--data", Path.Combine(journey.Folder, "taken"), "--urls", taken);

        Assert.Contains($"{taken}: address already in use", result.Expect(1).Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_its_key_or_that_is_none_is_not_registered()
    {
        var unsigned = await RunAsync("server", "register", "unsigned", "--owner", "o@example.com", "--url", journey.Orders.ToString());
        Assert.Contains("--header", unsigned.Expect(1).Errors, StringComparison.Ordinal);

        var other = await RunAsync("server", "register", "other", "--owner", "o@example.com", "--url", new Uri(journey.Symbolon.Url, "/healthz").ToString(), "-o", "json");
        Assert.Contains("upstream_invalid", other.Expect(1).Errors, StringComparison.Ordinal);

        (await RunAsync("server", "show", "unsigned")).Expect(5);
        (await RunAsync("server", "show", "other")).Expect(5);
    }

    [Fact]
    public async Task Files_with_errors_are_told_all_at_once_with_their_lines()
    {
        var file = Path.Combine(journey.Folder, "bad.yaml");
        File.WriteAllText(file, """
            apiVersion: symbolon/v1
            kind: Server
            metadata: { name: Bad_Name, owner: nobody }
            spec:
              upstream: { transport: http, url: "http://127.0.0.1:9/mcp" }
              prompts: []
              surprise: true
              tools:
                - { name: twice, effect: read }
                - { name: twice, effect: sometimes }
                - { name: asked, effect: read, approval: { approvers: [] } }
            ---
            apiVersion: symbolon/v1
            kind: Policy
            metadata: { name: later }
            spec:
              rules:
                - { name: big, servers: [shop], decision: require_approval }
            ---
            apiVersion: symbolon/v1
            kind: Agent
            metadata: { name: a, owner: !secret o@example.com }
            """);

        var linted = await CommandJourney.RunAsync(new Dictionary<string, string?>(), "lint", "-f", file);

        var lines = linted.Expect(2).Output.Split('\n');
        foreach (var (line, words) in new[]
        {
            (3, "metadata.name"), (3, "metadata.owner"), (6, "spec.prompts"), (7, "surprise"), (10, "spec.tools[1].effect"), (11, "approval"), (18, "not supported yet"), (22, "tag"),
        })
            Assert.Contains(lines, found => found.StartsWith($"{file}:{line}: ", StringComparison.Ordinal) && found.Contains(words, StringComparison.Ordinal));
        var applied = await RunAsync("apply", "-f", file);
        Assert.Contains($"{file}:7: ", applied.Expect(1).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_a_document_does_not_pass_as_checked()
    {
        var empty = Directory.CreateDirectory(Path.Combine(journey.Folder, "empty")).FullName;

        Assert.Contains("There is no document in these files.", (await CommandJourney.RunAsync(new Dictionary<string, string?>(), "lint", "-f", empty)).Expect(3).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_only_the_server_can_know_is_told_with_its_line_too()
    {
        var file = Path.Combine(journey.Folder, "reference.yaml");
        File.WriteAllText(file, """
            apiVersion: symbolon/v1
            kind: Grant
            metadata: { name: dangling }
            spec:
              to: { agents: [nobody-knows-me] }
              servers: [{ name: nothing, effects: [read] }]
            """);

        var applied = await RunAsync("apply", "-f", file);

        Assert.Contains($"{file}:5: spec.to.agents[0]", applied.Expect(1).Errors, StringComparison.Ordinal);
        Assert.Contains($"{file}:6: spec.servers[0]", applied.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_beyond_the_ceiling_is_refused_and_not_clipped()
    {
        await journey.ShopAsync();

        var issued = await RunAsync("token", "issue", "--user", "a@example.com", "--server", "shop:get_order", "--create-grant", "long", "--ttl", "91d", "-o", "json");

        Assert.NotEqual(0, issued.ExitCode);
        Assert.Equal("", issued.Output);
        Assert.Contains("ttl", issued.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_foreign_text_cannot_steer_the_terminal()
    {
        const string Nasty = "\u001b]0;owned\u0007\u001b[2J\u009b31m\r\u202e gnp.exe";
        (await RunAsync("revoke", "--user", "nobody@example.com", "--reason", Nasty, "--yes")).Expect();

        foreach (var format in new[] { "table", "json", "yaml" })
        {
            var shown = (await RunAsync("audit", "query", "--kind", "revocation", "-o", format)).Expect();
            Assert.DoesNotContain(shown.Output, c => char.IsControl(c) && c is not ('\n' or '\t'));
            Assert.DoesNotContain('\u202e', shown.Output);
            if (format == "json") Assert.Contains(shown.Json.AsArray(), record => (string?)record!["event"]!["reason"] == Nasty);
        }
    }

    private Task<CommandResult> RunAsync(params string[] command) => journey.Symbolon.RunAsync(command);
}
