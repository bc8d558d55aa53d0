using System.Diagnostics;
using System.Text.Json.Nodes;
using Symbolon.EndToEndTests.Fixtures;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Reviews;

/// <summary>The life of a server on real processes, by the commands that people type: registered, reviewed, narrowed, widened, swapped behind our back, taken back, retired.</summary>
[Trait("area", "reviews")]
public sealed class ReviewStoryTests(RunningGateway gateway) : IAsyncLifetime
{
    private readonly string name = $"story-{Guid.NewGuid().ToString("N")[..8]}";
    private readonly string folder = Directory.CreateTempSubdirectory("symbolon-story-").FullName;
    private ChildProcess? server;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (server is not null) await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_server_lives_inside_what_its_reviewers_approved()
    {
        (server, var url) = await NodeProgram.StartChangingServerAsync("sdk1");
        await RunAsync(0, "server", "register", name, "--owner", "owner@example.com", "--url", url.ToString());
        await RunAsync(0, "export", "-f", folder);
        foreach (var other in Directory.GetFiles(folder).Where(file => Path.GetFileName(file) != $"server-{name}.yaml")) File.Delete(other);

        // The owner says what the tools need; nobody types a scope.
        await WriteAsync("docs/*");
        Assert.Contains($"symbolon review show {name}.2", (await RunAsync(2, "plan", "-f", folder)).Errors, StringComparison.Ordinal);
        await RunAsync(0, "apply", "-f", folder, "--commit", "4f3c2a1", "--author", "owner@example.com", "--reason", "first");
        var shown = (await RunAsync(0, "review", "show", $"{name}.2")).Output;
        Assert.Contains("+ tool shown", shown, StringComparison.Ordinal);
        Assert.Contains("+ read:docs/* (outside the envelope)", shown, StringComparison.Ordinal);
        Assert.Contains("commit 4f3c2a1 by owner@example.com", shown, StringComparison.Ordinal);
        Assert.Contains("--revision 1", (await RunAsync(3, "review", "approve", $"{name}.2")).Errors, StringComparison.Ordinal);
        await RunAsync(0, "review", "approve", $"{name}.2", "--revision", "1", "--reason", "looks right");
        var token = (await gateway.Setup.TokenAsync($"{name}:shown,steady")).Secret;
        Assert.Equal("good", await CallAsync(token, "shown"));

        // Inside the envelope: live, and nobody was asked.
        await WriteAsync("docs/readme");
        Assert.Contains("inside the envelope", (await RunAsync(0, "plan", "-f", folder)).Output, StringComparison.Ordinal);
        await RunAsync(0, "apply", "-f", folder);
        Assert.Equal("docs/readme", (string?)(await ServerAsync())["approved"]!["needs"]![0]!["resource"]);
        Assert.Null((await ServerAsync())["pendingReview"]);
        Assert.Equal("good", await CallAsync(token, "shown"));

        // Outside: what is new waits, the rest goes on.
        await WriteAsync("world/**");
        Assert.Contains("write:world/** (outside the envelope)", (await RunAsync(2, "plan", "-f", folder)).Output, StringComparison.Ordinal);
        await RunAsync(0, "apply", "-f", folder);
        Assert.Contains("world/**", (await RunAsync(0, "review", "show", $"{name}.3")).Output, StringComparison.Ordinal);
        Assert.Equal("docs/readme", (string?)(await ServerAsync())["approved"]!["needs"]![0]!["resource"]);
        Assert.Equal("good", await CallAsync(token, "shown"));
        await RunAsync(0, "review", "reject", $"{name}.3", "--revision", "1", "--reason", "too much");
        await WriteAsync("docs/readme");
        Assert.Contains("in no file", (await RunAsync(2, "plan", "--live", "-f", folder)).Errors, StringComparison.Ordinal);

        // Its description is another one: that tool is refused on every node, the other goes on.
        await server.WriteLineAsync("change");
        await Deadline.ForAsync("the changed tool to be refused", async () => await CallAsync(token, "shown") == "tool_suspended" ? "" : null);
        Assert.Equal("good", await CallAsync(token, "steady"));
        await Deadline.ForAsync("the review", async () => (string?)(await ServerAsync())["driftReview"] == $"{name}.4" ? "" : null);
        var drift = (await RunAsync(0, "review", "show", $"{name}.4")).Output;
        Assert.Contains("otherwise than it was reviewed", drift, StringComparison.Ordinal);
        Assert.Contains("description: \"Shows a thing.\" → ", drift, StringComparison.Ordinal);
        await RunAsync(0, "review", "approve", $"{name}.4", "--revision", "1", "--reason", "a better text");
        await Deadline.ForAsync("the tool to be back", async () => await CallAsync(token, "shown") == "good" ? "" : null);

        // Retired: dead at once, readable for ever, its name for nobody else.
        var started = Stopwatch.GetTimestamp();
        await RunAsync(0, "server", "retire", name, "--yes", "--reason", "replaced");
        Assert.Equal("unknown_server", await CallAsync(token, "shown"));
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        var history = JsonNode.Parse((await RunAsync(0, "history", "server", name, "-o", "json")).Output)!.AsArray();
        Assert.Equal("retired", (string?)history[^1]!["state"]);
        Assert.Contains(history, version => (string?)version!["commit"] == "4f3c2a1" && (string?)version["approvedBy"] is not null);
        Assert.Contains("retired", (await RunAsync(6, "apply", "-f", folder)).Errors, StringComparison.Ordinal);
        var actions = (await gateway.Setup.Api.AuditAsync($"kind=admin_change&server={name}")).Select(record => (string?)record["action"]).ToList();
        foreach (var action in new[] { "approve", "reject", "suspend tools", "retire" }) Assert.Contains(action, actions);
    }

    [Fact]
    public async Task Every_server_with_a_label_is_suspended_at_once_and_another_person_answers_for_one()
    {
        (server, var url) = await NodeProgram.StartChangingServerAsync("sdk1");
        await gateway.Setup.ServerAsync(name, url, document =>
        {
            Setup.Reads("shown", "steady")(document);
            document["metadata"]!["labels"] = new JsonObject { ["story"] = name };
        });
        var token = (await gateway.Setup.TokenAsync($"{name}:shown")).Secret;
        Assert.Equal("good", await CallAsync(token, "shown"));
        await RunAsync(0, "server", "owner", name, "other@example.com", "--reason", "moved teams");
        Assert.Equal("other@example.com", (string?)(await ServerAsync())["owner"]);
        Assert.Equal("good", await CallAsync(token, "shown"));
        Assert.Equal(name, (await RunAsync(0, "server", "quarantine", "--label", $"story={name}", "--reason", "incident 7")).Output.Trim());
        Assert.Equal("server_suspended", await CallAsync(token, "shown"));
        await RunAsync(5, "server", "quarantine", "--label", $"story={name}");
        await RunAsync(0, "server", "resume", name);
        Assert.Equal("good", await CallAsync(token, "shown"));
        var version = (long)(await ServerAsync())["version"]!;
        await RunAsync(0, "rollback", "server", name, "--to", "3", "--reason", "back");
        Assert.Equal((version + 1, "owner@example.com"), ((long)(await ServerAsync())["version"]!, (string?)(await ServerAsync())["owner"]));
    }

    private async Task WriteAsync(string resource)
    {
        var document = (await gateway.Setup.Api.GetAsync("/export")).AsArray().Single(each => (string?)each!["metadata"]!["name"] == name)!;
        var verb = resource.StartsWith("world", StringComparison.Ordinal) ? "write" : "read";
        foreach (var tool in document["spec"]!["tools"]!.AsArray())
        {
            tool!["effect"] = "read";
            tool["needs"] = new JsonArray(new JsonObject { ["actions"] = new JsonArray(verb), ["resource"] = resource });
        }
        foreach (var file in Directory.GetFiles(folder)) File.Delete(file);
        await File.WriteAllTextAsync(Path.Combine(folder, $"{name}.json"), document.ToJsonString());
    }

    private async Task<JsonNode> ServerAsync() => await gateway.Setup.Api.GetAsync($"/servers/{name}");

    /// <returns>The text of the tool, or the reason of the refusal.</returns>
    private async Task<string?> CallAsync(string token, string tool)
    {
        var answer = await gateway.Wire.LegacyCallAsync(name, token, tool);
        return answer.Reason ?? answer.ToolText ?? "unknown_server";
    }

    private async Task<CommandResult> RunAsync(int exit, params string[] arguments) => (await gateway.Symbolon.RunAsync(arguments)).Expect(exit);
}
