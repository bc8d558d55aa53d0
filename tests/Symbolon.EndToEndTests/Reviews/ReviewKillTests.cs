using System.Text.Json.Nodes;
using Symbolon.EndToEndTests.Fixtures;
using Symbolon.Testing;
using Symbolon.Testing.Mcp;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Reviews;

/// <summary>The process is killed in the middle of every step of a review: what is found afterwards is one of the states that the steps lead to, whole.</summary>
[Trait("area", "reviews")]
[Collection(nameof(Alone))]
public sealed class ReviewKillTests
{
    private static readonly string[] Steps = ["apply", "narrow", "approve", "reject", "drift", "approve drift", "suspend", "rollback", "retire"];

    [Fact]
    [Trait("long", LongRun.KilledReviews)]
    public async Task After_kill_9_in_the_middle_of_a_step_nothing_is_half_applied()
    {
        var seed = TestSize.IsLong ? Random.Shared.NextInt64(1_000_000) : 20261122;
        var random = new Random((int)seed);
        using var run = new LongRun(LongRun.KilledReviews, seed);
        await using var symbolon = await SymbolonProcess.StartAsync();
        var (server, url) = await NodeProgram.StartChangingServerAsync("sdk1");
        await using var upstream = server;
        for (var round = 0; round < TestSize.Of(9, 90); round++)
        {
            var name = $"s{round}";
            await server.WriteLineAsync("back");
            string token;
            using (var setup = new Setup(symbolon))
            {
                await setup.ServerAsync(name, url, document => Needs(document, "docs/*"));
                token = (await setup.TokenAsync($"{name}:shown")).Secret;
                await StageAsync(setup, symbolon, server, name, token, Steps[round % Steps.Length]);
            }
            var before = await StateAsync(symbolon, name);
            var step = StepAsync(symbolon, name, token, Steps[round % Steps.Length]);
            await Task.Delay(random.Next(0, 60), TestContext.Current.CancellationToken);
            await symbolon.KillAsync();
            var isAnswered = await step;
            await symbolon.RestartAsync();
            var after = await StateAsync(symbolon, name);
            run.Count("kills", 1);
            if (isAnswered)
            {
                run.Count("answered before the kill", 1);
                Assert.NotEqual(before["version"]!.GetValue<long>(), after["version"]!.GetValue<long>());
            }
            await AssertWholeAsync(symbolon, name, before, after);
        }
        (await symbolon.RunAsync("audit", "verify")).Expect();
        run.Pass();
    }

    /// <summary>What the step needs to be possible.</summary>
    private static async Task StageAsync(Setup setup, SymbolonProcess symbolon, ChildProcess server, string name, string token, string step)
    {
        if (step is "approve" or "reject" or "rollback") await setup.Api.ApplyAsync(await DocumentAsync(setup.Api, name, "world/**"));
        if (step is not ("drift" or "approve drift")) return;
        await ListAsync(symbolon, name, token);
        await server.WriteLineAsync("change");
        if (step == "approve drift")
            await Deadline.ForAsync("the review of the drift", async () =>
            {
                // Every list that passes is compared.
                await ListAsync(symbolon, name, token);
                return (await setup.Api.GetAsync($"/servers/{name}"))["driftReview"] is not null ? "" : null;
            }, TimeSpan.FromSeconds(10));
    }

    /// <returns>Whether it was answered that it is done.</returns>
    private static async Task<bool> StepAsync(SymbolonProcess symbolon, string name, string token, string step)
    {
        using var api = new AdminApi(symbolon);
        try
        {
            switch (step)
            {
                case "apply": await api.ApplyAsync(await DocumentAsync(api, name, "world/**")); return true;
                case "narrow": await api.ApplyAsync(await DocumentAsync(api, name, "docs/readme")); return true;
                case "approve" or "reject": await api.PostAsync($"/reviews/{(await api.GetAsync($"/servers/{name}"))["pendingReview"]}/{step}", new JsonObject { ["revision"] = 1 }); return true;
                case "approve drift":
                    var review = (string)(await api.GetAsync($"/servers/{name}"))["driftReview"]!;
                    await api.PostAsync($"/reviews/{review}/approve", new JsonObject { ["revision"] = (long)(await api.GetAsync($"/reviews/{review}"))["revision"]! });
                    return true;
                case "rollback": await api.PostAsync($"/history/server/{name}/rollback", new JsonObject { ["version"] = 1 }); return true;
                case "drift": await ListAsync(symbolon, name, token); return false;
                default: await api.PostAsync($"/servers/{name}/{step}", new JsonObject()); return true;
            }
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException or InvalidOperationException or TaskCanceledException)
        {
            return false;
        }
    }

    private static async Task AssertWholeAsync(SymbolonProcess symbolon, string name, JsonNode before, JsonNode after)
    {
        using var api = new AdminApi(symbolon);
        Assert.InRange((long)after["version"]!, (long)before["version"]!, (long)before["version"]! + 2);
        // What waits has an open review, and an open review has something that waits.
        Assert.Equal(after["pendingVersion"] is null, after["pendingReview"] is null);
        Assert.Equal(after["drifted"]!.AsArray().Count == 0, after["driftReview"] is null);
        var open = (await api.GetAsync($"/reviews?state=open&server={name}")).AsArray().Select(review => (string)review!["name"]!).Order(StringComparer.Ordinal);
        Assert.Equal(new[] { (string?)after["pendingReview"], (string?)after["driftReview"] }.OfType<string>().Order(StringComparer.Ordinal), open);
        // Every version of the object replays to its present state, and each has its record.
        var history = (await api.GetAsync($"/history/server/{name}")).AsArray();
        Assert.Equal((long)after["version"]!, (long)history[^1]!["version"]!);
        Assert.Equal(Enumerable.Range(1, history.Count).Select(each => (long)each), history.Select(version => (long)version!["version"]!));
        Assert.Equal(((string?)after["state"], (int?)after["approvedVersion"], (int?)after["pendingVersion"]), ((string?)history[^1]!["state"], (int?)history[^1]!["serves"], (int?)history[^1]!["waits"]));
        var records = (await api.AuditAsync($"kind=admin_change&server={name}")).Count(record => !((string)record["action"]!).Contains("refused", StringComparison.Ordinal));
        Assert.True(records >= history.Count, $"{records} records of {history.Count} versions");
    }

    private static async Task ListAsync(SymbolonProcess symbolon, string name, string token)
    {
        using var wire = new McpWire(symbolon.Url);
        await wire.PostAsync($"/t/mcp/{name}", token, """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""", ("MCP-Protocol-Version", "2025-06-18"));
    }

    private static async Task<JsonNode> StateAsync(SymbolonProcess symbolon, string name)
    {
        using var api = new AdminApi(symbolon);
        return await api.GetAsync($"/servers/{name}");
    }

    private static async Task<JsonObject> DocumentAsync(AdminApi api, string name, string resource)
    {
        var document = (await api.GetAsync("/export")).AsArray().Single(each => (string?)each!["kind"] == "Server" && (string?)each["metadata"]!["name"] == name)!.AsObject();
        Needs(document, resource);
        return document;
    }

    private static void Needs(JsonObject document, string resource)
    {
        foreach (var tool in document["spec"]!["tools"]!.AsArray())
        {
            tool!["effect"] = "read";
            tool["needs"] = new JsonArray(new JsonObject { ["actions"] = new JsonArray("read"), ["resource"] = resource });
        }
    }
}
