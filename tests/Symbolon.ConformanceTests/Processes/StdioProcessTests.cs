using System.Globalization;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Gateway.Upstreams;
using Symbolon.Testing;
using Symbolon.Testing.Processes;

namespace Symbolon.ConformanceTests.Processes;

[Trait("area", "stdio")]
public sealed class StdioProcessTests
{
    [Fact]
    public async Task Fifty_callers_with_equal_ids_and_tokens_on_one_process_get_their_own_answers()
    {
        await using var stage = new StdioStage();
        var invoker = await stage.ApproveAsync();
        var process = await StdioStage.TextAsync(invoker, "process");
        await Parallel.ForAsync(0, 50, new ParallelOptions { MaxDegreeOfParallelism = 50, CancellationToken = TestContext.Current.CancellationToken }, async (number, _) =>
        {
            for (var i = 0; i < 10; i++)
            {
                var mine = $"caller {number} call {i}";
                var messages = await StdioStage.MessagesAsync(
                    invoker, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"echo\",\"arguments\":{\"say\":\"" + mine + "\"},\"_meta\":{\"progressToken\":1}}}",
                    "caller" + number);
                Assert.Equal(2, messages.Count);
                Assert.Equal(mine, (string?)messages[0]["params"]!["message"]);
                Assert.Equal(1, (int)messages[0]["params"]!["progressToken"]!);
                Assert.Equal(mine, (string?)messages[1]["result"]!["content"]![0]!["text"]);
                Assert.Equal(1, (int)messages[1]["id"]!);
            }
        });
        Assert.Equal(process, await StdioStage.TextAsync(invoker, "process"));
    }

    [Fact]
    public async Task Arguments_are_handed_over_as_they_are_and_no_shell_reads_them()
    {
        await using var stage = new StdioStage();
        var script = stage.Folder.FullName + "/args.sh";
        var proof = stage.Folder.FullName + "/proof";
        await File.WriteAllTextAsync(script, """
            while IFS= read -r line; do
              id=${line#*'"id":'}; id=${id%%,*}
              case $line in
                *initialize\"*) printf '{"jsonrpc":"2.0","id":%s,"result":{"protocolVersion":"2025-11-25","capabilities":{}}}\n' "$id" ;;
                *tools/call*) printf '{"jsonrpc":"2.0","id":%s,"result":{"content":[{"type":"text","text":"%s"}]}}\n' "$id" "$#|$2|$3|$4" ;;
              esac
            done
            """, TestContext.Current.CancellationToken);
        var invoker = await stage.ApproveAsync(script, address => address with { Args = [.. address.Args, $"; touch {proof}", $"$(touch {proof})", "`id`"] });
        Assert.Equal($"4|; touch {proof}|$(touch {proof})|`id`", await StdioStage.TextAsync(invoker, "any"));
        Assert.False(File.Exists(proof));
    }

    [Fact]
    public async Task A_process_has_a_minimal_environment_and_limits()
    {
        await using var stage = new StdioStage(memoryMiB: 1024);
        var invoker = await stage.ApproveAsync(change: address => address with { Env = address.Env.Add("API_URL", "http://x") });
        var environment = (await StdioStage.TextAsync(invoker, "environment")).Split(';', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=')[0]).ToHashSet();
        // These two the shell sets itself.
        environment.ExceptWith(["PWD", "_", "OLDPWD", "SHLVL"]);
        Assert.Equal(["API_URL", "HOME", "LANG", "PATH"], environment.Order(StringComparer.Ordinal));
        Assert.Equal($"{1 << 20} 0 4096", await StdioStage.TextAsync(invoker, "limits"));
    }

    [Fact]
    public async Task A_process_inherits_no_descriptor_that_the_gateway_was_started_with()
    {
        await using var stage = new StdioStage();
        using var file = File.OpenHandle(stage.Folder.FullName + "/kept-open", FileMode.Create, FileAccess.Write);
        // A copy is passed on to whatever is started, as those from a shell or from systemd are.
        var copy = Duplicate((int)file.DangerousGetHandle());
        Assert.True(copy > 2);
        try
        {
            Assert.Equal("0", await StdioStage.TextAsync(await stage.ApproveAsync(), "descriptors"));
        }
        finally
        {
            new Microsoft.Win32.SafeHandles.SafeFileHandle(copy, ownsHandle: true).Dispose();
        }
    }

    [Theory]
    [InlineData("LD_PRELOAD")]
    [InlineData("NODE_OPTIONS")]
    [InlineData("DOTNET_STARTUP_HOOKS")]
    [InlineData("SYMBOLON_TOKEN")]
    public async Task A_registration_that_sets_what_a_loader_reads_is_not_started(string name)
    {
        await using var stage = new StdioStage();
        var invoker = await stage.ApproveAsync(change: address => address with { Env = address.Env.Add(name, "/tmp/evil.so") });
        await AssertNeverStartedAsync(stage, invoker, ReasonCode.ServerSuspended);
    }

    [Fact]
    public async Task A_file_that_changed_after_the_approval_is_not_started_and_raises_the_alarm()
    {
        await using var stage = new StdioStage();
        var script = stage.Folder.FullName + "/server.sh";
        File.Copy(Repo.At("tests", "data", "stdio", "server.sh"), script);
        var invoker = await stage.ApproveAsync(script);
        await File.AppendAllTextAsync(script, "\n# more\n", TestContext.Current.CancellationToken);
        await AssertNeverStartedAsync(stage, invoker, ReasonCode.ServerSuspended);
        var (server, version, fault) = Assert.Single(stage.Alarm.Raised);
        Assert.Equal((StdioStage.Name, 1, "file_changed", script), (server, version, fault.Code, fault.Path));
    }

    [Fact]
    public async Task A_file_that_is_replaced_while_its_supervisor_starts_is_not_run()
    {
        var files = new ReplacedAfterwards();
        await using var stage = new StdioStage(files: files);
        var script = files.Path = stage.Folder.FullName + "/server.sh";
        var trace = stage.Folder.FullName + "/ran";
        File.Copy(Repo.At("tests", "data", "stdio", "server.sh"), script);
        var invoker = await stage.ApproveAsync(script);
        files.Text = $"echo ran > {trace}\n" + await File.ReadAllTextAsync(script, TestContext.Current.CancellationToken);
        var fault = await Assert.ThrowsAsync<UpstreamFault>(() => StdioStage.CallAsync(invoker, "echo"));
        Assert.Equal(ReasonCode.UpstreamUnreachable, fault.Code);
        await Deadline.ForAsync("the supervisor to say why", () => stage.Log.Any(line => line.Contains("The program was not started", StringComparison.Ordinal) && line.Contains(script, StringComparison.Ordinal)));
        await stage.NothingLeftAsync();
        Assert.False(File.Exists(trace));
        // Who asks next is told by the gateway's own look.
        await Deadline.ForAsync("the server to be suspended", async () =>
            (await Assert.ThrowsAsync<UpstreamFault>(() => StdioStage.CallAsync(invoker, "echo"))).Code == ReasonCode.ServerSuspended ? "suspended" : null);
        Assert.All(stage.Alarm.Raised, raised => Assert.Equal(script, raised.Fault.Path));
        Assert.False(File.Exists(trace));
    }

    [Fact]
    public async Task A_link_that_leads_elsewhere_than_at_the_approval_is_not_followed()
    {
        await using var stage = new StdioStage();
        var link = stage.Folder.FullName + "/link.sh";
        File.CreateSymbolicLink(link, Repo.At("tests", "data", "stdio", "server.sh"));
        var invoker = await stage.ApproveAsync(link);
        var copy = stage.Folder.FullName + "/copy.sh";
        File.Copy(Repo.At("tests", "data", "stdio", "server.sh"), copy);
        File.Delete(link);
        File.CreateSymbolicLink(link, copy);
        await AssertNeverStartedAsync(stage, invoker, ReasonCode.ServerSuspended);
        Assert.Equal("file_changed", Assert.Single(stage.Alarm.Raised).Fault.Code);
    }

    [Fact]
    public async Task Nothing_is_started_off_loopback()
    {
        await using var stage = new StdioStage(loopback: false);
        var fault = await AssertNeverStartedAsync(stage, await stage.ApproveAsync(), ReasonCode.UpstreamUnreachable);
        Assert.Contains("loopback", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Lifecycle.Pending)]
    [InlineData(Lifecycle.Suspended)]
    [InlineData(Lifecycle.Retired)]
    public async Task What_is_not_approved_is_not_started(Lifecycle state)
    {
        await using var stage = new StdioStage();
        await AssertNeverStartedAsync(stage, await stage.ApproveAsync(state: state), ReasonCode.ServerSuspended);
    }

    [Fact]
    public async Task A_server_that_is_suspended_is_ended_at_once_with_all_that_it_started()
    {
        await using var stage = new StdioStage();
        var invoker = await stage.ApproveAsync();
        Assert.Equal("forked", await StdioStage.TextAsync(invoker, "fork"));
        // The server answers before what it started has become itself.
        await Deadline.ForAsync("all four processes", () => stage.Processes.Count >= 4);
        stage.Apply((UpstreamAddress.Stdio)stage.Server.Approved!.Manifest.Upstream, state: Lifecycle.Suspended);
        await stage.NothingLeftAsync();
    }

    [Fact]
    public async Task Another_version_gets_a_process_of_its_own_and_the_old_one_ends()
    {
        await using var stage = new StdioStage();
        var old = await stage.ApproveAsync();
        var before = await StdioStage.TextAsync(old, "process");
        var fresh = await stage.ApproveAsync(number: 2);
        Assert.NotSame(old, fresh);
        Assert.NotEqual(before, await StdioStage.TextAsync(fresh, "process"));
        await Deadline.ForAsync("the old process to end", () => !Directory.Exists("/proc/" + before));
    }

    [Fact]
    public async Task Garbage_and_answers_under_other_ids_reach_nobody()
    {
        await using var stage = new StdioStage();
        var invoker = await stage.ApproveAsync();
        Assert.Equal("clean", await StdioStage.TextAsync(invoker, "garbage"));
        Assert.Equal("clean", await StdioStage.TextAsync(invoker, "garbage"));
    }

    [Fact]
    public async Task A_line_over_the_limit_fails_its_own_call_and_no_other()
    {
        await using var stage = new StdioStage();
        var invoker = await stage.ApproveAsync();
        var process = await StdioStage.TextAsync(invoker, "process");
        foreach (var tool in (string[])["long", "long-inside"])
            Assert.Equal(ReasonCode.TooLarge, (await Assert.ThrowsAsync<UpstreamFault>(() => StdioStage.CallAsync(invoker, tool))).Code);
        Assert.Equal(process, await StdioStage.TextAsync(invoker, "process"));
    }

    [Fact]
    public async Task A_line_over_the_limit_that_does_not_say_whose_it_is_fails_the_calls_that_wait_there_and_the_process_goes_on()
    {
        await using var stage = new StdioStage();
        var invoker = await stage.ApproveAsync();
        var process = await StdioStage.TextAsync(invoker, "process");
        var silent = StdioStage.CallAsync(invoker, "silent", caller: "bob");
        var calls = new[] { silent, StdioStage.CallAsync(invoker, "nobodys") };
        foreach (var call in calls) Assert.Equal(ReasonCode.UpstreamInvalid, (await Assert.ThrowsAsync<UpstreamFault>(() => call)).Code);
        Assert.Equal(process, await StdioStage.TextAsync(invoker, "process"));
    }

    [Fact]
    public async Task A_line_without_an_end_ends_the_process()
    {
        await using var stage = new StdioStage();
        var invoker = await stage.ApproveAsync();
        Assert.Equal(ReasonCode.UpstreamInvalid, (await Assert.ThrowsAsync<UpstreamFault>(() => StdioStage.CallAsync(invoker, "endless"))).Code);
        await stage.NothingLeftAsync();
    }

    [Fact]
    public async Task A_flood_on_standard_error_stops_nothing_and_fills_no_log()
    {
        await using var stage = new StdioStage();
        var invoker = await stage.ApproveAsync();
        Assert.Equal("flooded", await StdioStage.TextAsync(invoker, "flood"));
        await Deadline.ForAsync("the lines", () => stage.Log.Count(line => line.Contains(" says: line", StringComparison.Ordinal)) >= 50);
        Assert.InRange(stage.Log.Count, 50, 500);
        Assert.DoesNotContain(stage.Log, line => line.Contains('\u001b'));
    }

    [Fact]
    public async Task A_process_that_exits_fails_what_is_open_and_is_started_again_after_a_pause()
    {
        await using var stage = new StdioStage();
        var invoker = await stage.ApproveAsync();
        Assert.Equal(ReasonCode.UpstreamUnreachable, (await Assert.ThrowsAsync<UpstreamFault>(() => StdioStage.CallAsync(invoker, "exit"))).Code);
        await Deadline.ForAsync("another process", async () =>
        {
            try
            {
                return await StdioStage.TextAsync(invoker, "process");
            }
            catch (UpstreamFault)
            {
                return null;
            }
        });
        await Deadline.ForAsync("its end to be logged", () => stage.Log.Any(line => line.Contains("ended with 3", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("/bin/false")]
    [InlineData("/etc/hostname")]
    public async Task A_program_that_exits_at_once_or_is_none_is_unreachable(string program)
    {
        await using var stage = new StdioStage();
        var invoker = await stage.ApproveAsync(change: address => address with { Command = program });
        Assert.Equal(ReasonCode.UpstreamUnreachable, (await Assert.ThrowsAsync<UpstreamFault>(() => StdioStage.CallAsync(invoker, "any"))).Code);
    }

    [Fact]
    public async Task A_call_that_is_never_answered_holds_up_nobody_and_is_cancelled_when_its_caller_leaves()
    {
        await using var stage = new StdioStage();
        var invoker = await stage.ApproveAsync();
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var silent = StdioStage.CallAsync(invoker, "silent", leave: leave);
        Assert.True(int.Parse(await StdioStage.TextAsync(invoker, "process", "bob"), CultureInfo.InvariantCulture) > 0);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => silent);
    }

    [Fact]
    public async Task A_process_that_does_not_read_costs_a_bounded_queue_and_blocks_no_caller()
    {
        await using var stage = new StdioStage();
        var invoker = await stage.ApproveAsync();
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var deaf = StdioStage.CallAsync(invoker, "deaf", leave: leave);
        var large = "{\"text\":\"" + new string('x', 500_000) + "\"}";
        var calls = Enumerable.Range(0, 12).Select(_ => StdioStage.CallAsync(invoker, "echo", large, leave: leave)).ToList();
        await Deadline.ForAsync("some to be refused", () => calls.Count(call => call.IsFaulted) >= 5);
        Assert.All(calls.Where(call => call.IsFaulted), call => Assert.Equal(ReasonCode.Overloaded, ((UpstreamFault)call.Exception!.InnerException!).Code));
        Assert.InRange(calls.Count(call => call.IsFaulted), 5, 11);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => Task.WhenAll([deaf, .. calls]));
    }

    [Fact]
    public async Task A_process_that_uses_up_its_processor_time_is_ended()
    {
        await using var stage = new StdioStage(cpu: TimeSpan.FromSeconds(1));
        var invoker = await stage.ApproveAsync();
        Assert.Equal(ReasonCode.UpstreamUnreachable, (await Assert.ThrowsAsync<UpstreamFault>(() => StdioStage.CallAsync(invoker, "spin"))).Code);
        await stage.NothingLeftAsync();
    }

    [Theory]
    [InlineData("multiply", 40, 4096, "limits.processChildren")]
    [InlineData("grow", 128, 150, "limits.processTotalMemory")]
    public async Task A_server_that_passes_its_limits_by_starting_more_processes_is_ended_with_all_of_them(string tool, int children, int totalMiB, string limit)
    {
        await using var stage = new StdioStage(children: children, totalMiB: totalMiB);
        var invoker = await stage.ApproveAsync();
        Assert.Equal(ReasonCode.UpstreamUnreachable, (await Assert.ThrowsAsync<UpstreamFault>(() => StdioStage.CallAsync(invoker, tool))).Code);
        await stage.NothingLeftAsync();
        await Deadline.ForAsync("the reason in the log", () => stage.Log.Any(line => line.Contains(limit, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Processes_below_the_limits_are_let_be()
    {
        await using var stage = new StdioStage(children: 64, totalMiB: 64);
        var invoker = await stage.ApproveAsync();
        var process = await StdioStage.TextAsync(invoker, "process");
        Assert.Equal("forked", await StdioStage.TextAsync(invoker, "fork"));
        // Longer than the supervisor takes to look twice.
        await StdioStage.PauseAsync(invoker, TimeSpan.FromSeconds(1.5));
        Assert.Equal(process, await StdioStage.TextAsync(invoker, "process"));
    }

    [Fact]
    public async Task Tools_that_change_while_it_runs_are_told_at_once()
    {
        await using var stage = new StdioStage();
        var invoker = await stage.ApproveAsync();
        var told = new TaskCompletionSource();
        invoker.ToolsChanged = told.SetResult;
        Assert.Equal("changed", await StdioStage.TextAsync(invoker, "change"));
        await told.Task.WaitAsync(Deadline.Usual, TestContext.Current.CancellationToken);
        var list = await StdioStage.PostAsync(invoker, """{"jsonrpc":"2.0","id":"L","method":"tools/list","params":{}}""", "alice");
        Assert.Contains("copy away", (string?)list["result"]!["tools"]![0]!["description"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Isolated_callers_have_processes_of_their_own()
    {
        await using var stage = new StdioStage();
        var invoker = await stage.ApproveAsync(change: address => address with { Isolation = ProcessIsolation.Caller });
        var alice = await StdioStage.TextAsync(invoker, "process", "alice");
        var bob = await StdioStage.TextAsync(invoker, "process", "bob");
        Assert.NotEqual(alice, bob);
        Assert.Equal(alice, await StdioStage.TextAsync(invoker, "process", "alice"));
    }

    [Fact]
    public async Task A_server_whose_supervisor_is_killed_is_ended_too()
    {
        await using var stage = new StdioStage();
        var invoker = await stage.ApproveAsync();
        var process = await StdioStage.TextAsync(invoker, "process");
        var status = await File.ReadAllTextAsync($"/proc/{process}/stat", TestContext.Current.CancellationToken);
        var supervisor = int.Parse(status[(status.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        var silent = StdioStage.CallAsync(invoker, "silent");
        Signal.Send("KILL", supervisor);
        await stage.NothingLeftAsync();
        Assert.Equal(ReasonCode.UpstreamUnreachable, (await Assert.ThrowsAsync<UpstreamFault>(() => silent)).Code);
    }

    private static async Task<UpstreamFault> AssertNeverStartedAsync(StdioStage stage, HttpMessageInvoker invoker, ReasonCode code)
    {
        var fault = await Assert.ThrowsAsync<UpstreamFault>(() => StdioStage.CallAsync(invoker, "echo"));
        Assert.Equal(code, fault.Code);
        Assert.Empty(stage.Processes);
        Assert.DoesNotContain(stage.Log, line => line.Contains("was started", StringComparison.Ordinal));
        return fault;
    }

    [System.Runtime.InteropServices.DllImport("libc", EntryPoint = "dup"), System.Runtime.InteropServices.DefaultDllImportSearchPaths(System.Runtime.InteropServices.DllImportSearchPath.SafeDirectories)]
    private static extern int Duplicate(int descriptor);
}
