using System.Diagnostics;
using System.Globalization;
using System.Net;
using Symbolon.EndToEndTests.Fixtures;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.BadInput;

/// <summary>Servers that hang, die, lie or never end: each gets a clear error and a record, and leaves others alone.</summary>
[Trait("area", "hostile upstream")]
public sealed class HostileUpstreamTests(RunningGateway gateway)
{
    public static TheoryData<string, string> Failures { get; } = new()
    {
        { "hangs", "upstream_timeout" },
        { "goes_quiet", "upstream_timeout" },
        { "closes", "upstream_unreachable" },
        { "no_http", "upstream_invalid" },
        { "dies_in_mid_stream", "upstream_invalid" },
        { "cuts_its_answer_short", "upstream_invalid" },
        { "garbage", "upstream_invalid" },
        { "html", "upstream_invalid" },
        { "empty", "upstream_invalid" },
        { "broken", "upstream_invalid" },
        { "redirects", "upstream_invalid" },
        { "another_id", "upstream_invalid" },
        { "duplicate_members", "upstream_invalid" },
        { "endless_json", "too_large" },
        { "endless_event", "too_large" },
        { "endless_header", "upstream_invalid" },
    };

    [Theory, MemberData(nameof(Failures))]
    public async Task It_is_answered_with_a_clear_error_while_others_go_on(string tool, string reason)
    {
        var token = await gateway.Setup.TokenAsync($"hostile:fine,{tool}");
        var started = Stopwatch.GetTimestamp();
        var failing = gateway.Wire.CallAsync("hostile", token.Secret, tool);
        // On the same server and by the same token, while the other is under way.
        Assert.Equal("good", (await gateway.Wire.CallAsync("hostile", token.Secret, "fine")).ToolText);

        var answer = await failing;
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(1, (int?)answer.Message["id"]);
        // A connection that breaks says the one or the other, as the break was seen.
        if (reason == "too_large" || reason == "upstream_timeout") Assert.Equal(reason, answer.Reason);
        else Assert.Contains(answer.Reason, (string[])["upstream_invalid", "upstream_unreachable"]);
        Assert.DoesNotContain("secret stack trace", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("sign in", answer.Text, StringComparison.Ordinal);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(20));

        var records = await gateway.Setup.Api.AuditAsync($"token={token.Id}&tool={tool}");
        var outcome = records.Last(record => (string?)record["kind"] == "call_outcome");
        Assert.Equal(answer.Reason, (string?)outcome["code"]);
    }

    [Fact]
    public async Task A_redirect_is_followed_by_nobody()
    {
        var token = await gateway.Setup.TokenAsync("hostile:redirects");
        await gateway.Wire.CallAsync("hostile", token.Secret, "redirects");
        Assert.Equal(0, gateway.Hostile.Followed);
    }

    [Theory]
    [InlineData("fine")]
    [InlineData("fine_sse")]
    [InlineData("carriage_returns")]
    public async Task Odd_but_right_answers_come_through(string tool)
    {
        var token = await gateway.Setup.TokenAsync($"hostile:{tool}");
        Assert.Equal("good", (await gateway.Wire.CallAsync("hostile", token.Secret, tool)).ToolText);
    }

    [Theory]
    [InlineData("another_id_first", "not yours")]
    [InlineData("asks_the_client", "sampling/createMessage")]
    public async Task What_nobody_asked_for_is_dropped_and_recorded(string tool, string never)
    {
        var token = await gateway.Setup.TokenAsync($"hostile:{tool}");
        var before = (await gateway.Setup.Api.AuditAsync("server=hostile&kind=upstream_dropped")).Count;
        var answer = await gateway.Wire.CallAsync("hostile", token.Secret, tool);
        Assert.Equal("good", answer.ToolText);
        Assert.DoesNotContain(never, answer.Text, StringComparison.Ordinal);
        await Deadline.ForAsync("a record of what was dropped", async () =>
            (await gateway.Setup.Api.AuditAsync("server=hostile&kind=upstream_dropped")).Count > before ? "there" : null);
    }

    [Fact]
    public async Task Endless_answers_cost_bounded_memory()
    {
        var token = await gateway.Setup.TokenAsync("hostile:endless_json,endless_event");
        var before = Resident();
        var calls = Enumerable.Range(0, 6).Select(i => gateway.Wire.CallAsync("hostile", token.Secret, i % 2 == 0 ? "endless_json" : "endless_event"));
        Assert.All(await Task.WhenAll(calls), answer => Assert.Equal("too_large", answer.Reason));
        // Six answers of at most 16 MiB each, and what the collector has not given back yet: far from 10 GB.
        Assert.InRange(Resident() - before, long.MinValue, 600);
    }

    private long Resident() => long.Parse(
        File.ReadLines($"/proc/{gateway.Symbolon.ProcessId}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
}
