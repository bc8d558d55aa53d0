using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Symbolon.EndToEndTests.Fixtures;
using Symbolon.Testing;
using Symbolon.Testing.Mcp;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Secrets;

/// <summary>A real server that answers only who shows a value that it accepts, behind the real program.</summary>
[Trait("area", "secrets")]
[Collection(nameof(Alone))]
public sealed class SecretRotationTests : IAsyncLifetime
{
    private const string First = "Bearer value-number-0";
    private const int Workers = 4;

    private readonly string folder = Directory.CreateTempSubdirectory("symbolon-secret-").FullName;
    private SymbolonProcess symbolon = null!;
    private Setup setup = null!;
    private ChildProcess server = null!;
    private string token = "";

    public async ValueTask InitializeAsync()
    {
        (server, var url) = await NodeProgram.StartGuardedServerAsync(First);
        symbolon = await SymbolonProcess.StartAsync();
        setup = new Setup(symbolon);
        await setup.ServerAsync("guarded", url, Setup.Reads("work"), "--header", $"Authorization=@{FileOf(First)}");
        token = (await setup.TokenAsync("guarded:work")).Secret;
    }

    public async ValueTask DisposeAsync()
    {
        setup?.Dispose();
        if (symbolon is not null) await symbolon.DisposeAsync();
        if (server is not null) await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_value_that_is_another_one_every_second_fails_no_call()
    {
        using var stop = new CancellationTokenSource();
        var done = new int[Workers];
        var failed = new ConcurrentBag<string>();
        var load = Enumerable.Range(0, Workers).Select(worker => CallAsync(worker, done, failed, stop.Token)).ToArray();
        var secret = (string)(await setup.Api.GetAsync("/secrets")).AsArray().Single()!["name"]!;
        var present = First;
        for (var round = 1; round <= TestSize.Of(5, 60); round++)
        {
            var started = Stopwatch.GetTimestamp();
            var next = $"Bearer value-number-{round}";
            await AcceptAsync(present, next);
            var tried = await StepAsync(HttpMethod.Put, secret, "", new JsonObject { ["value"] = next });
            Assert.Equal(("rotating", "works"), ((string?)tried["phase"], (string?)tried["trials"]![0]!["outcome"]));
            Assert.Equal(("steady", round + 1), ((string?)(await StepAsync(HttpMethod.Post, secret, "/finish", []))["phase"], (int)(await setup.Api.GetAsync($"/secrets/{secret}"))["version"]!));
            // Those that were open with the value before have ended then.
            var before = done.ToArray();
            await Deadline.ForAsync("calls with the next value", () => !failed.IsEmpty || done.Zip(before).All(pair => pair.First >= pair.Second + 2));
            await AcceptAsync(next);
            present = next;
            await Deadline.ForAsync("the second to pass under load", () => !failed.IsEmpty || Stopwatch.GetElapsedTime(started) > TimeSpan.FromSeconds(1));
            Assert.Empty(failed);
        }
        await stop.CancelAsync();
        await Task.WhenAll(load);
        Assert.Empty(failed);
        Assert.DoesNotContain("refused", server.Output);
    }

    [Fact]
    public async Task Killed_between_its_steps_and_after_them_a_rotation_is_as_it_was_acknowledged()
    {
        var secret = (string)(await setup.Api.GetAsync("/secrets")).AsArray().Single()!["name"]!;
        const string Next = "Bearer value-of-a-command";
        // What the server does not take yet is told, and changes nothing.
        var refused = await symbolon.RunAsync("secret", "rotate", secret, "--value-file", FileOf(Next));
        Assert.Contains("guarded: ", refused.Expect(2).Errors, StringComparison.Ordinal);
        await DoneAsync();
        await symbolon.KillAsync();
        await symbolon.RestartAsync();
        Assert.Equal("rotating", (string?)(await setup.Api.GetAsync($"/secrets/{secret}"))["phase"]);
        await DoneAsync();

        await AcceptAsync(First, Next);
        (await symbolon.RunAsync("secret", "rotate", secret, "--value-file", FileOf(Next))).Expect();
        (await symbolon.RunAsync("secret", "rotate", secret, "--finish")).Expect();
        await symbolon.KillAsync();
        await symbolon.RestartAsync();
        await AcceptAsync(Next);
        await DoneAsync();
        Assert.Contains("nothing changed", (await symbolon.RunAsync("secret", "rotate", secret, "--finish")).Expect().Errors, StringComparison.Ordinal);
        Assert.Contains("a finding", (await symbolon.RunAsync("server", "show", "guarded")).Expect().Errors, StringComparison.Ordinal);
        Assert.Contains("credential: static, ends ", (await symbolon.RunAsync("server", "list")).Expect().Output, StringComparison.Ordinal);
        Assert.Equal("static_credential", (string?)(await setup.Api.GetAsync("/servers/guarded"))["findings"]![0]!["code"]);
        (await symbolon.RunAsync("audit", "verify")).Expect();
    }

    private async Task DoneAsync()
    {
        using var wire = new McpWire(symbolon.Url);
        Assert.Equal("done", (await wire.CallAsync("guarded", token, "work")).ToolText);
    }

    private async Task CallAsync(int worker, int[] done, ConcurrentBag<string> failed, CancellationToken stop)
    {
        using var wire = new McpWire(symbolon.Url);
        while (!stop.IsCancellationRequested)
        {
            var answer = await wire.CallAsync("guarded", token, "work");
            if (answer.Status != HttpStatusCode.OK || answer.Reason is not null || answer.ToolText != "done") failed.Add(answer.Text);
            Interlocked.Increment(ref done[worker]);
        }
    }

    private async Task AcceptAsync(params string[] values)
    {
        var before = server.Output.Count(IsSaid);
        await server.WriteLineAsync("accept " + string.Join(',', values));
        await Deadline.ForAsync("the server to accept", () => server.Output.Count(IsSaid) > before);

        static bool IsSaid(string line) => line.StartsWith("accepting", StringComparison.Ordinal);
    }

    private async Task<JsonNode> StepAsync(HttpMethod method, string secret, string step, JsonObject body)
    {
        var (status, text) = await setup.Api.SendAsync(method, $"/secrets/{secret}/rotation{step}", body.ToJsonString());
        Assert.True(status == HttpStatusCode.OK, text);
        return JsonNode.Parse(text)!;
    }

    private string FileOf(string value)
    {
        var file = Path.Combine(folder, "value");
        File.WriteAllText(file, value + "\n");
        return file;
    }
}
