using Symbolon.Core;
using Symbolon.Core.Audit;
using Symbolon.Core.Snapshot;

namespace Symbolon.UnitTests.Admin;

[Trait("area", "admin")]
public sealed class OverviewTests
{
    private const long Hour = 3600L * 1_000_000;

    [Fact]
    public async Task The_period_stands_beside_the_one_before_by_hour_and_by_reason()
    {
        await using var host = await AdminHost.StartAsync();
        var hour = host.Clock.Microseconds() / Hour * Hour;
        host.Usage.Decisions.AddRange([
            new DecisionCount(hour - 24 * Hour, "not_granted", 3), new DecisionCount(hour - 24 * Hour, null, 7), new DecisionCount(hour - 48 * Hour, null, 1000),
            new DecisionCount(hour - 23 * Hour, null, 2), new DecisionCount(hour, null, 5), new DecisionCount(hour, "not_granted", 1), new DecisionCount(hour, "token_expired", 4)]);

        var found = (await host.GetAsync("/api/v1/overview")).Json.GetProperty("decisions");

        Assert.Equal("7 5 7 3", string.Join(' ', new[] { "allowed", "refused", "allowedBefore", "refusedBefore" }.Select(name => found.GetProperty(name).GetInt64())));
        Assert.Equal(24, found.GetProperty("hours").GetArrayLength());
        Assert.Equal((5, 5), (found.GetProperty("hours")[23].GetProperty("allowed").GetInt32(), found.GetProperty("hours")[23].GetProperty("refused").GetInt32()));
        Assert.Equal("""[{"code":"token_expired","count":4,"before":0},{"code":"not_granted","count":1,"before":3}]""", found.GetProperty("reasons").GetRawText());
    }

    [Fact]
    public async Task A_longer_period_holds_what_a_day_does_not_and_an_unknown_one_is_refused()
    {
        await using var host = await AdminHost.StartAsync();
        host.Usage.Decisions.Add(new DecisionCount(host.Clock.Microseconds() / Hour * Hour - 100 * Hour, null, 9));

        var week = (await host.GetAsync("/api/v1/overview?period=7d")).Json;

        Assert.Equal((9, 168), (week.GetProperty("decisions").GetProperty("allowed").GetInt32(), week.GetProperty("decisions").GetProperty("hours").GetArrayLength()));
        Assert.Equal(0, (await host.GetAsync("/api/v1/overview?period=24h")).Json.GetProperty("decisions").GetProperty("allowed").GetInt32());
        Assert.Equal((400, "malformed_request"), (await host.GetAsync("/api/v1/overview?period=1h")) switch { var answer => (answer.Status, answer.Code) });
        Assert.Equal((400, "malformed_request"), (await host.GetAsync("/api/v1/overview?limit=1")) switch { var answer => (answer.Status, answer.Code) });
    }

    [Fact]
    public async Task Servers_tokens_and_nodes_are_counted_as_they_are()
    {
        await using var host = await AdminHost.StartAsync();
        await host.HaveServerAsync("shop");
        await host.HaveServerAsync("mail");
        await host.PostAsync("/api/v1/servers/mail/suspend");
        foreach (var (ttl, name) in new[] { ("1h", "short"), ("20d", "long"), ("20d", "gone") })
            Assert.Equal(201, (await host.PostAsync("/api/v1/tokens", $$$"""
                {"agent":"{{{name}}}","servers":[{"name":"shop","tools":["look"]}],"ttl":"{{{ttl}}}","createAgent":{"owner":"ops@example.com"},"createGrant":{"name":"g-{{{name}}}"}}
                """)).Status);
        Assert.Equal(200, (await host.PostAsync("/api/v1/revocations", """{"agent":"gone"}""")).Status);
        var revision = await host.Store.RevisionAsync(TestContext.Current.CancellationToken);
        host.Nodes.Live.AddRange([new NodeStatus("b", 2, revision - 3, 0), new NodeStatus("a", 1, revision + 1, 0)]);

        var found = (await host.GetAsync("/api/v1/overview")).Json;

        Assert.Equal("""{"active":1,"pending":0,"suspended":1,"retired":0,"attention":1,"unusedTools":4}""", found.GetProperty("servers").GetRawText());
        Assert.Equal("""{"live":2,"expiring":1,"expiringDays":7,"neverUsed":2}""", found.GetProperty("tokens").GetRawText());
        Assert.Equal("a 0, b 3", string.Join(", ", found.GetProperty("nodes").EnumerateArray().Select(node => $"{node.GetProperty("node").GetString()} {node.GetProperty("behind").GetInt64()}")));
        Assert.Equal("sqlite", found.GetProperty("store").GetString());
    }

    [Fact]
    public async Task A_store_that_cannot_be_asked_is_told_and_not_shown_as_zeros()
    {
        await using var host = await AdminHost.StartAsync();
        host.Store.IsBroken = true;

        Assert.Equal(503, (await host.GetAsync("/api/v1/overview")).Status);
    }
}
