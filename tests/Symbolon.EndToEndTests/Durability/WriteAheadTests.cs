using Symbolon.EndToEndTests.Fixtures;
using Symbolon.Testing.Mcp;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Durability;

/// <summary>kill -9 cannot show durability, since the kernel keeps what was written: the system calls themselves are looked at.</summary>
[Trait("area", "durability")]
[Collection(nameof(Alone))]
public sealed class WriteAheadTests
{
    private const int Calls = 20;

    private static readonly string[] Watched =
        ["strace", "--seccomp-bpf", "-f", "-yy", "-s", "20000", "-e", "trace=fdatasync,fsync,write,pwrite64,writev,pwritev,sendto,sendmsg"];

    [Fact]
    public async Task The_wal_is_synced_between_each_write_intent_and_the_upstreams_first_byte()
    {
        var (trace, made) = await TraceAsync([]);
        Assert.True(trace.Syncs >= 2 * Calls, $"{trace.Syncs} syncs");
        Assert.All(made, call => Assert.Null(trace.FaultOf(call.Trace, call.Marker)));
    }

    [Fact]
    public async Task The_same_check_fails_for_a_process_whose_syncs_do_not_happen()
    {
        // strace answers for the kernel: the very program, with durability off underneath it, as synchronous=OFF would have it.
        var (trace, made) = await TraceAsync(["-e", "inject=fdatasync,fsync:retval=0"]);
        Assert.Equal(0, trace.Syncs);
        Assert.All(made, call => Assert.NotNull(trace.FaultOf(call.Trace, call.Marker)));
    }

    [Fact]
    public async Task A_call_whose_intent_cannot_be_synced_never_goes_out()
    {
        await using var upstream = new HostileUpstream();
        await using var symbolon = await SymbolonProcess.StartAsync();
        var token = await PrepareAsync(symbolon, upstream);
        using var wire = new McpWire(symbolon.Url);
        symbolon.Process.Terminate();
        await symbolon.Process.ExitAsync();
        // From the 200th sync on, so that the start itself goes well and some calls do.
        await symbolon.RestartAsync([.. Watched[..4], "-o", "/dev/null", "-e", "trace=fdatasync,fsync", "-e", "inject=fdatasync,fsync:error=EIO:when=200+"]);
        var refused = await Deadline.ForAsync("a call that is refused", async () =>
        {
            var answer = await CallAsync(wire, token, NewCall());
            return answer.Reason is null ? null : answer;
        });
        Assert.Equal(503, (int)refused.Status);
        Assert.Equal("audit_unavailable", refused.Reason);
        var last = NewCall();
        await CallAsync(wire, token, last);
        Assert.DoesNotContain(upstream.Requests, request => request.Text.Contains(last.Marker, StringComparison.Ordinal));
    }

    private static async Task<(SystemCallTrace Trace, IReadOnlyList<Call> Made)> TraceAsync(string[] more)
    {
        await using var upstream = new HostileUpstream();
        await using var symbolon = await SymbolonProcess.StartAsync();
        var token = await PrepareAsync(symbolon, upstream);
        symbolon.Process.Terminate();
        await symbolon.Process.ExitAsync();

        var file = Path.Combine(symbolon.Folder, "strace.txt");
        await symbolon.RestartAsync([.. Watched, .. more, "-o", file]);
        using var wire = new McpWire(symbolon.Url);
        var made = new List<Call>();
        for (var i = 0; i < Calls; i++)
        {
            var call = NewCall();
            Assert.Equal("good", (await CallAsync(wire, token, call)).ToolText);
            made.Add(call);
        }
        await symbolon.KillAsync();
        return (new SystemCallTrace(await File.ReadAllLinesAsync(file)), made);
    }

    /// <summary>The tool keeps the effect of a draft, write.</summary>
    private static async Task<string> PrepareAsync(SymbolonProcess symbolon, HostileUpstream upstream)
    {
        using var setup = new Setup(symbolon);
        await setup.ServerAsync("hostile", upstream.Url);
        return (await setup.TokenAsync("hostile:fine")).Secret;
    }

    private static Call NewCall() => new(Guid.NewGuid().ToString("N"), Guid.NewGuid().ToString("N"));

    private static Task<WireAnswer> CallAsync(McpWire wire, string token, Call call) =>
        wire.PostAsync("/t/mcp/hostile", token, TracedCall.Text("fine", call.Trace, $$"""{"marker":"{{call.Marker}}"}"""), McpWire.Modern("tools/call", "fine"));

    private sealed record Call(string Trace, string Marker);
}
