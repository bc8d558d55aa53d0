using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Stdio;

/// <summary>Servers that are processes, behind the real program.</summary>
[Trait("area", "stdio")]
public sealed class StdioServerTests
{
    [Fact]
    public async Task Fifty_callers_at_once_with_equal_ids_and_progress_tokens_get_their_own_messages()
    {
        await using var server = await ShellServer.StartAsync();
        var token = (await server.Setup.TokenAsync("sh:echo,process")).Secret;
        var process = (await server.CallAsync(token, "process")).ToolText;
        await Parallel.ForAsync(0, 50, new ParallelOptions { MaxDegreeOfParallelism = 50, CancellationToken = TestContext.Current.CancellationToken }, async (number, _) =>
        {
            for (var i = 0; i < 4; i++)
            {
                var mine = $"caller {number} call {i}";
                var answer = await server.CallAsync(token, "echo", mine);
                Assert.Equal(mine, (string?)answer.Events[0]["params"]!["message"]);
                Assert.Equal(mine, answer.ToolText);
                Assert.Equal((2, 1), (answer.Events.Count, (int)answer.Message["id"]!));
            }
        });
        Assert.Equal(process, (await server.CallAsync(token, "process")).ToolText);
    }

    [Fact]
    public async Task Nothing_is_left_after_kill_9_not_even_what_left_its_session_and_ignores_signals()
    {
        await using var server = await ShellServer.StartAsync();
        var token = (await server.Setup.TokenAsync("sh:fork,echo")).Secret;
        Assert.Equal("forked", (await server.CallAsync(token, "fork")).ToolText);
        // The server answers before what it started has become itself.
        await Deadline.ForAsync("all four processes", () => server.Processes.Count >= 4);
        Signal.Send("KILL", server.Symbolon.ProcessId);
        await server.NothingLeftAsync();
        await server.Symbolon.RestartAsync();
        Assert.Equal("again", (await server.CallAsync(token, "echo", "again")).ToolText);
    }

    [Fact]
    public async Task Whoever_lists_servers_and_whoever_reads_the_log_learns_that_one_is_a_child_of_the_gateway()
    {
        await using var server = await ShellServer.StartAsync();
        Assert.Equal("gateway", (string?)(await server.Symbolon.RunAsync("server", "list", "-o", "json")).Expect().Json[0]!["startedBy"]);
        Assert.Equal("gateway", (string?)(await server.Symbolon.RunAsync("server", "show", "sh", "-o", "json")).Expect().Json["startedBy"]);
        var token = (await server.Setup.TokenAsync("sh:echo")).Secret;
        Assert.Equal("hello", (await server.CallAsync(token, "echo", "hello")).ToolText);
        Assert.Single(server.Symbolon.Process.Output.Concat(server.Symbolon.Process.Errors), line => line.Contains("Server sh is started by the gateway itself", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_is_left_after_a_stop_in_order()
    {
        await using var server = await ShellServer.StartAsync();
        var token = (await server.Setup.TokenAsync("sh:fork")).Secret;
        Assert.Equal("forked", (await server.CallAsync(token, "fork")).ToolText);
        server.Symbolon.Process.Terminate();
        Assert.Equal(0, await server.Symbolon.Process.ExitAsync());
        await server.NothingLeftAsync();
    }

    [Fact]
    public async Task A_suspension_ends_its_processes_and_the_call_that_waits()
    {
        await using var server = await ShellServer.StartAsync();
        var token = (await server.Setup.TokenAsync("sh:silent,echo")).Secret;
        var silent = server.CallAsync(token, "silent");
        await Deadline.ForAsync("the process", () => server.Processes.Count > 0);
        (await server.Symbolon.RunAsync("server", "suspend", "sh", "--reason", "test")).Expect();
        await server.NothingLeftAsync();
        Assert.Equal("server_suspended", (await silent).Reason);
        (await server.Symbolon.RunAsync("server", "resume", "sh")).Expect();
        Assert.Equal("back", (await server.CallAsync(token, "echo", "back")).ToolText);
    }

    [Fact]
    public async Task A_file_that_changed_after_the_approval_suspends_the_server_with_a_record_and_is_not_started()
    {
        await using var server = await ShellServer.StartAsync();
        var token = (await server.Setup.TokenAsync("sh:echo")).Secret;
        await File.AppendAllTextAsync(server.Script, "\n# more\n", TestContext.Current.CancellationToken);
        Assert.Equal("server_suspended", (await server.CallAsync(token, "echo")).Reason);
        Assert.Empty(server.Processes);
        await Deadline.ForAsync("the suspension", async () => (string?)(await server.Setup.Api.GetAsync("/servers/sh"))["state"] == "suspended" ? "suspended" : null);
        Assert.Contains(await server.Setup.Api.AuditAsync("server=sh"), record => ((string?)record["reason"])?.Contains("file_changed", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task A_tool_that_changes_while_the_process_runs_is_suspended()
    {
        await using var server = await ShellServer.StartAsync();
        var token = (await server.Setup.TokenAsync("sh:echo,change,process")).Secret;
        Assert.Equal("changed", (await server.CallAsync(token, "change")).ToolText);
        await Deadline.ForAsync("the tool to be suspended", async () => (await server.CallAsync(token, "echo")).Reason == "tool_suspended" ? "suspended" : null);
        Assert.NotNull((await server.CallAsync(token, "process")).ToolText);
        Assert.Contains(await server.Setup.Api.AuditAsync("server=sh&kind=drift"), record => (string?)record["tool"] == "echo");
    }

    [Fact]
    public async Task A_process_that_ends_during_a_call_fails_that_call_and_is_started_again()
    {
        await using var server = await ShellServer.StartAsync();
        var token = (await server.Setup.TokenAsync("sh:exit,echo")).Secret;
        Assert.Equal("upstream_unreachable", (await server.CallAsync(token, "exit")).Reason);
        await Deadline.ForAsync("another process", async () => (await server.CallAsync(token, "echo", "alive")).ToolText == "alive" ? "alive" : null);
    }

    [Theory]
    [InlineData("nobodys")]
    [InlineData("endless")]
    public async Task A_line_over_the_limit_that_does_not_say_whose_it_is_fails_who_waits_at_that_process_with_a_record_and_nobody_else(string tool)
    {
        await using var server = await ShellServer.StartAsync(null, ("SYMBOLON_LIMITS_ANSWER", "1000000"), ("SYMBOLON_LIMITS_SILENCE", "10m"));
        await server.Setup.CommandAsync("other", ["/bin/sh", server.Script, server.Mark]);
        var token = (await server.Setup.TokenAsync($"sh:silent,echo,{tool}", "other:silent,echo")).Secret;
        var elsewhere = server.CallAsync(token, "silent", server: "other");
        var silent = server.CallAsync(token, "silent");
        foreach (var name in (string[])["sh", "other"])
        {
            await Deadline.ForAsync("the silent call to be let out", async () => (await server.Setup.Api.AuditAsync($"server={name}&kind=call_intent&tool=silent")).SingleOrDefault());
            Assert.Equal("behind it", (await server.CallAsync(token, "echo", "behind it", server: name)).ToolText);
        }
        Assert.Equal("upstream_invalid", (await server.CallAsync(token, tool)).Reason);
        Assert.Equal("upstream_invalid", (await silent).Reason);
        Assert.False(elsewhere.IsCompleted);
        Assert.Equal("beside", (await server.CallAsync(token, "echo", "beside", server: "other")).ToolText);
        await Deadline.ForAsync("the server to serve again", async () => (await server.CallAsync(token, "echo", "again")).ToolText == "again" ? "again" : null);
        var records = await server.Setup.Api.AuditAsync("server=sh&kind=call_outcome&code=upstream_invalid");
        Assert.Equal(["silent", tool], records.Select(record => (string)record["tool"]!).OrderBy(name => name != "silent"));
        (await server.Symbolon.RunAsync("server", "suspend", "other", "--reason", "test")).Expect();
        Assert.Equal("server_suspended", (await elsewhere).Reason);
    }

    [Fact]
    public async Task A_call_that_is_not_answered_ends_by_the_gateways_deadline_and_holds_up_nobody()
    {
        await using var server = await ShellServer.StartAsync(null, ("SYMBOLON_LIMITS_SILENCE", "2s"));
        var token = (await server.Setup.TokenAsync("sh:silent,echo")).Secret;
        var silent = server.CallAsync(token, "silent");
        Assert.Equal("quick", (await server.CallAsync(token, "echo", "quick")).ToolText);
        Assert.False(silent.IsCompleted);
        Assert.Equal("upstream_timeout", (await silent).Reason);
    }

    [Fact]
    public async Task A_server_with_as_many_processes_as_it_may_refuses_the_next_caller_with_a_record_and_lets_the_others_be()
    {
        await using var server = await ShellServer.StartAsync(["--isolation", "caller"], ("SYMBOLON_LIMITS_PROCESSES", "2"), ("SYMBOLON_LIMITS_SILENCE", "10m"));
        var tokens = new List<string>();
        for (var i = 0; i < 5; i++) tokens.Add((await server.Setup.TokenAsync("sh:silent,process")).Secret);
        var first = (await server.CallAsync(tokens[0], "process")).ToolText;
        var second = (await server.CallAsync(tokens[1], "process")).ToolText;
        // Held by an open call each, so that none of the two is ended to make room.
        var held = tokens.Take(2).Select(token => server.CallAsync(token, "silent")).ToList();
        await Deadline.ForAsync("both calls to be let out", async () => (await server.Setup.Api.AuditAsync("server=sh&kind=call_intent&tool=silent")).Count == 2 ? "out" : null);
        Assert.Equal((first, second), ((await server.CallAsync(tokens[0], "process")).ToolText, (await server.CallAsync(tokens[1], "process")).ToolText));
        foreach (var answer in await Task.WhenAll(tokens.Skip(2).Select(token => server.CallAsync(token, "process")))) Assert.Equal("overloaded", answer.Reason);
        Assert.Equal(3, (await server.Setup.Api.AuditAsync("server=sh&kind=call_outcome&code=overloaded")).Count);
        Assert.Equal((first, second), ((await server.CallAsync(tokens[0], "process")).ToolText, (await server.CallAsync(tokens[1], "process")).ToolText));
        Assert.All(held, call => Assert.False(call.IsCompleted));
        (await server.Symbolon.RunAsync("server", "suspend", "sh", "--reason", "test")).Expect();
        await Task.WhenAll(held);
    }

    [Fact]
    public async Task Callers_that_are_isolated_have_processes_of_their_own_and_the_secret_is_in_their_environment_alone()
    {
        var key = Path.Combine(Directory.CreateTempSubdirectory("symbolon-key-").FullName, "key");
        await File.WriteAllTextAsync(key, "s3cret-canary\n", TestContext.Current.CancellationToken);
        await using var server = await ShellServer.StartAsync(["--isolation", "caller", "--secret-env", $"API_KEY=@{key}"]);
        var alice = (await server.Setup.TokenAsync("sh:process,secret")).Secret;
        var bob = (await server.Setup.TokenAsync("sh:process,secret")).Secret;
        // The server writes it otherwise: an answer that holds it as it is would be withheld.
        Assert.Equal("s3cret+canary", (await server.CallAsync(alice, "secret")).ToolText);
        Assert.NotEqual((await server.CallAsync(alice, "process")).ToolText, (await server.CallAsync(bob, "process")).ToolText);
        Assert.DoesNotContain(server.Processes, line => line.Contains("canary", StringComparison.Ordinal));
        Assert.DoesNotContain(server.Symbolon.Process.Output.Concat(server.Symbolon.Process.Errors), line => line.Contains("canary", StringComparison.Ordinal));
    }
}
