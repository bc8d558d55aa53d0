using System.Diagnostics;
using System.Text.Json.Nodes;
using Symbolon.EndToEndTests.Fixtures;
using Symbolon.Testing;
using Symbolon.Testing.Mcp;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Drift;

/// <summary>Real servers that say on a stream of their own that their tools changed; no caller asks for a list meanwhile.</summary>
[Trait("area", "drift")]
public sealed class ChangingToolTests(RunningGateway gateway) : IAsyncLifetime
{
    private readonly string name = $"changing-{Guid.NewGuid().ToString("N")[..8]}";
    private ChildProcess? server;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (server is not null) await server.DisposeAsync();
    }

    [Theory]
    [InlineData("sdk1")]
    [InlineData("sdk2")]
    [InlineData("old")]
    public async Task A_tool_that_changes_is_refused_within_two_seconds_and_the_others_go_on(string kind)
    {
        var token = await StartAsync(kind);
        await SaidAsync("stream", 1);
        await ChangeAsync(token);
    }

    [Fact]
    public async Task A_tool_of_a_server_on_the_csharp_sdk_that_changes_is_refused_within_two_seconds_and_the_others_go_on()
    {
        server = ChildProcess.Start(Repo.At("artifacts", "bin", "Symbolon.RecordingServer", "release", "Symbolon.RecordingServer"), []);
        var url = new Uri((await server.LineAsync(line => line.StartsWith("listening on ", StringComparison.Ordinal)))["listening on ".Length..]);
        await gateway.Setup.ServerAsync(name, url, Setup.Reads("keep", "drop"));
        var token = await gateway.Setup.TokenAsync($"{name}:keep,drop");
        Assert.Null((await gateway.Wire.CallAsync(name, token.Secret, "drop")).Reason);
        // When its stream is open it does not say. A change before that is read when it is; the one that takes it back is only told.
        await server.WriteLineAsync("change");
        await Deadline.ForAsync("the changed tool to be refused", async () => await ReasonAsync() == "tool_suspended" ? "" : null, TimeSpan.FromSeconds(20));
        // Each era is told by itself: the second one makes the review's next revision.
        var review = await Deadline.ForAsync("the change to be seen in both eras", async () =>
            (string?)(await gateway.Setup.Api.GetAsync($"/servers/{name}"))["driftReview"] is { } open
            && (int)(await gateway.Setup.Api.GetAsync("/reviews/" + open))["revision"]! == 2 ? open : null);
        // What was seen otherwise once stays suspended, also when it is listed as it was reviewed: a server could alternate.
        await server.WriteLineAsync("change");
        await Deadline.ForAsync("the reviewed definition to be read", async () =>
            (string?)(await gateway.Setup.Api.GetAsync($"/servers/{name}/tools")).AsArray().Single(tool => (string?)tool!["name"] == "drop")!["definition"] == "reviewed" ? "" : null);
        Assert.Equal("tool_suspended", await ReasonAsync());
        // Turned down: what was reviewed stays, and is what is listed.
        await gateway.Setup.Api.PostAsync($"/reviews/{review}/reject", new JsonObject { ["revision"] = 2 });
        await Deadline.ForAsync("the reviewed tool to be let through", async () => await ReasonAsync() is null ? "" : null);
        var started = Stopwatch.GetTimestamp();
        await server.WriteLineAsync("change");
        await Deadline.ForAsync("the changed tool to be refused", async () => await ReasonAsync() == "tool_suspended" ? "" : null);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.Null((await gateway.Wire.CallAsync(name, token.Secret, "keep")).Reason);

        async Task<string?> ReasonAsync() => (await gateway.Wire.CallAsync(name, token.Secret, "drop")).Reason;
    }

    [Fact]
    public async Task The_command_lists_what_differs_from_what_was_reviewed_and_says_so_by_its_exit_code()
    {
        var token = await StartAsync("sdk1");
        Assert.Contains("1 of 1 servers list what was reviewed", (await gateway.Symbolon.RunAsync("server", "drift", name)).Expect().Errors, StringComparison.Ordinal);
        await SaidAsync("stream", 1);
        await ChangeAsync(token);
        var listed = JsonNode.Parse((await gateway.Symbolon.RunAsync("server", "drift", name, "-o", "json")).Expect(2).Output)!.AsArray();
        Assert.Equal((name, "shown", "changed"), ((string?)listed[0]!["server"], (string?)listed[0]!["tool"], (string?)listed[0]!["definition"]));
        Assert.NotEqual((string?)listed[0]!["digests"]!["legacy"], (string?)listed[0]!["listed"]!["legacy"]);
        Assert.Single(listed);
        await gateway.Setup.Api.PostAsync($"/servers/{name}/suspend", new JsonObject());
        Assert.Contains("it is suspended", (await gateway.Symbolon.RunAsync("server", "drift", name)).Expect(1).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_that_breaks_comes_back()
    {
        var token = await StartAsync("sdk1");
        await SaidAsync("stream", 1);
        await server!.WriteLineAsync("drop");
        await SaidAsync("stream", 2);
        await ChangeAsync(token);
    }

    [Fact]
    public async Task A_flood_of_changes_costs_one_reading_a_second_and_holds_up_nobody()
    {
        var token = await StartAsync("sdk1");
        await SaidAsync("stream", 1);
        var before = Said("list");
        await server!.WriteLineAsync("flood");
        while (Said("flooded") == 0) Assert.Equal("good", (await CallAsync(token, "steady")).ToolText);
        Assert.InRange(Said("list") - before, 2, 8);
        await ChangeAsync(token);
    }

    [Fact]
    public async Task A_server_that_never_answers_the_get_serves_its_calls()
    {
        var token = await StartAsync("hang");
        await SaidAsync("stream", 1);
        for (var i = 0; i < 5; i++) Assert.Equal("good", (await CallAsync(token, "shown")).ToolText);
        Assert.Equal(1, Said("stream"));
    }

    [Fact]
    public async Task A_server_that_is_suspended_is_no_longer_listened_to()
    {
        await StartAsync("sdk1");
        await SaidAsync("stream", 1);
        var ended = Said("ended");
        await gateway.Setup.Api.PostAsync($"/servers/{name}/suspend", new JsonObject());
        await Deadline.ForAsync("the stream to be left", async () =>
        {
            await server!.WriteLineAsync("count");
            return Said("streams 0") > 0 ? "" : null;
        });
        // Not even the end of its session is told to a server that nobody may speak to.
        Assert.Equal(ended, Said("ended"));
    }

    private async Task<IssuedToken> StartAsync(string kind)
    {
        (server, var url) = await NodeProgram.StartChangingServerAsync(kind);
        await gateway.Setup.ServerAsync(name, url, Setup.Reads("shown", "steady"));
        var token = await gateway.Setup.TokenAsync($"{name}:shown,steady");
        Assert.Equal("good", (await CallAsync(token, "shown")).ToolText);
        return token;
    }

    private async Task ChangeAsync(IssuedToken token)
    {
        var started = Stopwatch.GetTimestamp();
        await server!.WriteLineAsync("change");
        await Deadline.ForAsync("the changed tool to be refused", async () => (await CallAsync(token, "shown")).Reason == "tool_suspended" ? "" : null);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.Equal("good", (await CallAsync(token, "steady")).ToolText);
    }

    private Task<WireAnswer> CallAsync(IssuedToken token, string tool) => gateway.Wire.LegacyCallAsync(name, token.Secret, tool);

    private Task SaidAsync(string line, int times) => Deadline.ForAsync($"'{line}' to be said", () => Said(line) >= times);

    private int Said(string line) => server!.Output.Count(said => said == line);
}
