using System.Net.Sockets;
using System.Runtime.Versioning;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Stdio;

/// <summary>Servers whose processes a runner starts; where the tests have root, under another user and with a gateway off loopback.</summary>
[Trait("area", "stdio")]
[SupportedOSPlatform("linux")]
public sealed class RunnerTests
{
    [Fact]
    public async Task A_call_reaches_a_server_that_the_runner_started_under_its_own_user_which_cannot_read_the_gateways_key()
    {
        var key = Path.Combine(Directory.CreateTempSubdirectory("symbolon-key-").FullName, "key");
        await File.WriteAllTextAsync(key, "s3cret-canary\n", TestContext.Current.CancellationToken);
        await using var stage = await RunnerStage.StartAsync(null, "--secret-env", $"API_KEY=@{key}");
        var token = (await stage.Setup.TokenAsync("sh:echo,secret")).Secret;
        Assert.Equal("hello", (await stage.CallAsync(token, "echo", "hello")).ToolText);
        Assert.Equal("runner", (string?)(await stage.Symbolon.RunAsync("server", "show", "sh", "-o", "json")).Expect().Json["startedBy"]);
        Assert.DoesNotContain(stage.Symbolon.Process.Output.Concat(stage.Symbolon.Process.Errors), line => line.Contains("started by the gateway itself", StringComparison.Ordinal));
        Assert.Equal($"{RunnerStage.RunnerUser} s3cret+canary {(RunnerStage.HasOtherUser ? "closed" : "read")}", (await stage.CallAsync(token, "secret")).ToolText);
        await Deadline.ForAsync("the server's own line", () => stage.Runner.Errors.Any(line => line.Contains("a line with a secret was left out", StringComparison.Ordinal)));
        Assert.DoesNotContain(stage.Runner.Errors.Concat(stage.Symbolon.Process.Errors), line => line.Contains("canary", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_gateway_of_another_user_than_the_allowed_one_is_refused()
    {
        await using var stage = await RunnerStage.StartAsync(allowed: "4242");
        var token = (await stage.Setup.TokenAsync("sh:echo")).Secret;
        Assert.Equal("upstream_unreachable", (await stage.CallAsync(token, "echo")).Reason);
        await Deadline.ForAsync("the refusal", () => stage.Runner.Errors.Any(line => line.Contains("is not served here", StringComparison.Ordinal)));
        Assert.Empty(stage.Processes);
    }

    [Fact]
    public async Task A_runner_of_another_user_than_the_expected_one_is_given_no_order()
    {
        await using var stage = await RunnerStage.StartAsync(expected: "4242", allowed: null, []);
        var token = (await stage.Setup.TokenAsync("sh:echo")).Secret;
        Assert.Equal("upstream_unreachable", (await stage.CallAsync(token, "echo")).Reason);
        await Deadline.ForAsync("the refusal", () => stage.Symbolon.Process.Output.Concat(stage.Symbolon.Process.Errors).Any(line =>
            line.Contains($"User {RunnerStage.RunnerUser} listens on the runner's socket, not 4242", StringComparison.Ordinal)));
        Assert.Empty(stage.Processes);
    }

    [Fact]
    public async Task Nothing_is_left_when_the_gateway_is_killed_and_the_runner_serves_the_next_one()
    {
        await using var stage = await RunnerStage.StartAsync();
        var token = (await stage.Setup.TokenAsync("sh:fork,echo")).Secret;
        Assert.Equal("forked", (await stage.CallAsync(token, "fork")).ToolText);
        // The server answers before what it started has become itself.
        await Deadline.ForAsync("all four processes", () => stage.Processes.Count >= 4);
        Signal.Send("KILL", stage.Symbolon.ProcessId);
        await stage.NothingLeftAsync();
        await stage.Symbolon.RestartAsync();
        Assert.Equal("again", (await stage.CallAsync(token, "echo", "again")).ToolText);
    }

    [Fact]
    public async Task A_gateway_that_is_killed_while_its_server_reads_nothing_leaves_nothing_either()
    {
        await using var stage = await RunnerStage.StartAsync();
        var token = (await stage.Setup.TokenAsync("sh:process,echo,silent")).Secret;
        var process = int.Parse((await stage.CallAsync(token, "process")).ToolText!, System.Globalization.CultureInfo.InvariantCulture);
        // Stopped, it takes nothing: what is sent fills its pipe and then waits in the relay.
        Signal.Send("STOP", process);
        var calls = Enumerable.Range(0, 3).Select(_ => stage.CallAsync(token, "echo", new string('x', 500_000))).ToList();
        Assert.All(calls, call => Assert.False(call.IsCompleted));
        Signal.Send("KILL", stage.Symbolon.ProcessId);
        await stage.NothingLeftAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => Task.WhenAll(calls));
    }

    [Fact]
    public async Task A_runner_that_is_killed_fails_the_open_call_and_leaves_nothing_and_the_next_one_serves()
    {
        await using var stage = await RunnerStage.StartAsync();
        var token = (await stage.Setup.TokenAsync("sh:fork,silent,echo")).Secret;
        Assert.Equal("forked", (await stage.CallAsync(token, "fork")).ToolText);
        var silent = stage.CallAsync(token, "silent");
        Signal.Send("KILL", stage.Runner.Id);
        Assert.Equal("upstream_unreachable", (await silent).Reason);
        await stage.NothingLeftAsync();
        Assert.Equal("upstream_unreachable", (await stage.CallAsync(token, "echo")).Reason);
        await stage.StartRunnerAsync();
        await Deadline.ForAsync("another process", async () => (await stage.CallAsync(token, "echo", "alive")).ToolText == "alive" ? "alive" : null);
    }

    [Fact]
    public async Task A_runner_that_is_stopped_ends_its_processes_and_takes_its_socket_away()
    {
        await using var stage = await RunnerStage.StartAsync();
        var token = (await stage.Setup.TokenAsync("sh:fork")).Secret;
        Assert.Equal("forked", (await stage.CallAsync(token, "fork")).ToolText);
        stage.Runner.Terminate();
        Assert.Equal(0, await stage.Runner.ExitAsync());
        await stage.NothingLeftAsync();
        Assert.False(File.Exists(stage.Socket));
    }

    [Fact]
    public async Task A_file_that_changed_is_found_by_the_runner_and_suspends_the_server_with_a_record()
    {
        await using var stage = await RunnerStage.StartAsync();
        var token = (await stage.Setup.TokenAsync("sh:echo")).Secret;
        await File.AppendAllTextAsync(stage.Script, "\n# more\n", TestContext.Current.CancellationToken);
        Assert.Equal("server_suspended", (await stage.CallAsync(token, "echo")).Reason);
        Assert.Empty(stage.Processes);
        await Deadline.ForAsync("the suspension", async () => (string?)(await stage.Setup.Api.GetAsync("/servers/sh"))["state"] == "suspended" ? "suspended" : null);
        Assert.Contains(await stage.Setup.Api.AuditAsync("server=sh"), record => ((string?)record["reason"])?.Contains("file_changed", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task A_runner_does_not_start_as_root_nor_where_its_user_can_read_the_data_folder()
    {
        var data = Directory.CreateTempSubdirectory("symbolon-data-");
        File.SetUnixFileMode(data.FullName, (UnixFileMode)0b111_101_101);
        await File.WriteAllTextAsync(Path.Combine(data.FullName, "master.key"), "x", TestContext.Current.CancellationToken);
        await using var runner = RunnerStage.StartRunner(Path.Combine(data.FullName, "s"), data.FullName, "0");
        Assert.Equal(1, await runner.ExitAsync());
        Assert.Contains(runner.Errors, line => line.Contains("can read", StringComparison.Ordinal));
        await using var ours = RunnerStage.StartRunner(Path.Combine(data.FullName, "s"), data.FullName, "0", asOther: false);
        Assert.Equal(1, await ours.ExitAsync());
        Assert.Contains(ours.Errors, line => line.Contains(RunnerStage.HasOtherUser ? "root" : "can read", StringComparison.Ordinal));
        data.Delete(recursive: true);
    }

    [Fact]
    public async Task Who_sends_no_order_in_time_or_a_bad_one_is_let_go_and_starts_nothing()
    {
        await using var stage = await RunnerStage.StartAsync();
        foreach (var order in new byte[][] { [], [0, 0, 0], [0x7F, 0xFF, 0xFF, 0xFF], [0, 0, 0, 2, (byte)'{', (byte)'}'] })
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(stage.Socket), TestContext.Current.CancellationToken);
            await using var stream = new NetworkStream(socket);
            await stream.WriteAsync(order, TestContext.Current.CancellationToken);
            using var answer = new MemoryStream();
            await stream.CopyToAsync(answer, TestContext.Current.CancellationToken).WaitAsync(Deadline.Usual, TestContext.Current.CancellationToken);
            Assert.DoesNotContain("\"started\":true", System.Text.Encoding.UTF8.GetString(answer.ToArray()), StringComparison.Ordinal);
        }
        Assert.Empty(stage.Processes);
    }
}
