using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Policy;
using Symbolon.Testing.Fakes;
using Symbolon.Testing.Storage;

namespace Symbolon.ConformanceTests.Storage;

public sealed class SqliteUsageTests() : UsageTests(StoreKind.Sqlite);

public sealed class PostgresUsageTests() : UsageTests(StoreKind.Postgres);

/// <summary>Counts behind the audit: each decision once, whoever counts and whenever.</summary>
public abstract class UsageTests(StoreKind kind) : StoreTests(kind)
{
    private const long Hour = 3600L * 1_000_000;

    [Fact]
    public async Task A_call_is_counted_once_when_it_is_decided_and_a_refusal_by_its_reason()
    {
        await DecideAsync(Store, Call("look"), Outcome("look"), Call("look"), Refused("look", ReasonCode.NotGranted), Outcome("look", ReasonCode.NotGranted), Refused("drop", ReasonCode.DeniedByPolicy),
            Listed(), Refused(null, ReasonCode.UnknownServer), Failed(ReasonCode.UpstreamTimeout), Flood(ReasonCode.Unauthenticated, 250));
        await CountAllAsync(Store);

        var tools = await Store.Usage.ToolsAsync(Organisation, "deploy", 0, Cancellation);
        Assert.Equal([("drop", 0L, 1L), ("look", 2L, 1L)], tools.Select(use => (use.Tool, use.Allowed, use.Refused)));
        // What was only refused was never used.
        Assert.Equal([true, false], tools.Select(use => use.LastAt == 0));
        var token = Assert.Single(await Store.Usage.TokensAsync(Organisation, ["tok_1", "tok_other"], Cancellation));
        Assert.Equal(("tok_1", "deploy", "look", 2L), (token.Token, token.Server, token.Tool, token.Calls));
        Assert.Equal([(null, 2L), ("denied_by_policy", 1L), ("not_granted", 1L), ("unauthenticated", 250L), ("unknown_server", 1L)], await ByReasonAsync(Store));
        Assert.Equal((await Store.Audit.HeadAsync(Organisation, Cancellation)).Seq, await Store.Usage.CountedToAsync(Organisation, Cancellation));
    }

    [Fact]
    public async Task What_rules_refused_and_what_observing_ones_would_have_said_is_counted_by_rule()
    {
        static AuditEvent Ruled(AuditEvent record, string? rule, string? observed = null)
        {
            (record.Rule, record.Observed) = (rule, observed);
            return record;
        }
        await DecideAsync(Store, Ruled(Refused("look", ReasonCode.DeniedByPolicy), "refunds/large"), Ruled(Refused("look", ReasonCode.DeniedByPolicy), "refunds/large", "refunds/night:deny other/slow:limit"),
            Ruled(Refused("drop", ReasonCode.LimitReached), "other/slow"), Ruled(Refused("drop", ReasonCode.PolicyError), "refunds/large"), Ruled(Call("look"), "refunds/fine", "refunds/night:deny"),
            Ruled(Call("look"), "refunds/fine"), Ruled(Refused("x", ReasonCode.NotGranted), null), Ruled(Outcome("look", ReasonCode.DeniedByPolicy), "refunds/large"));
        await CountAllAsync(Store);
        // A text of somebody's that looks like the member is none.
        await DecideAsync(Store, Ruled(new AuditEvent { Kind = AuditKind.Request, Token = "tok_1", Server = "deploy", Method = "\"observed\":\"a/b:deny", Allowed = true }, null), Ruled(Refused("look", ReasonCode.DeniedByPolicy), "refunds/default"));
        await CountAllAsync(Store);

        var uses = await Store.Usage.RulesAsync(Organisation, 0, Cancellation);
        Assert.Equal(
            [("other/slow", "limit", false, 1L), ("other/slow", "limit", true, 1L), ("refunds/default", "deny", false, 1L), ("refunds/large", "deny", false, 2L), ("refunds/large", "error", false, 1L), ("refunds/night", "deny", true, 2L)],
            uses.Select(use => (use.Rule, use.Said, use.IsObserved, use.Count)));
        Assert.All(uses, use => Assert.NotEqual(0, use.LastAt));
        Assert.Empty(await Store.Usage.RulesAsync(new OrganisationId("other"), 0, Cancellation));
        Assert.Empty(await Store.Usage.RulesAsync(Organisation, uses.Max(use => use.LastAt) + 48 * Hour, Cancellation));
    }

    [Fact]
    public async Task A_call_that_was_let_through_and_failed_before_it_went_out_was_allowed()
    {
        await DecideAsync(Store, Refused("look", ReasonCode.UpstreamUnreachable));
        await CountAllAsync(Store);
        var use = Assert.Single(await Store.Usage.ToolsAsync(Organisation, null, 0, Cancellation));
        Assert.Equal((1L, 0L), (use.Allowed, use.Refused));
        Assert.Equal([(null, 1L)], await ByReasonAsync(Store));
    }

    [Fact]
    public async Task A_name_that_no_tool_has_fills_no_table()
    {
        await DecideAsync(Store, [.. Enumerable.Range(0, 50).Select(i => Refused($"made-up-{i}", ReasonCode.UnknownTool))]);
        await CountAllAsync(Store);
        Assert.Empty(await Store.Usage.ToolsAsync(Organisation, null, 0, Cancellation));
        Assert.Equal([("unknown_tool", 50L)], await ByReasonAsync(Store));
    }

    [Fact]
    public async Task Two_that_count_at_the_same_time_count_every_decision_once()
    {
        const int Rounds = 20;
        // On SQLite one process has the store; there two of its own threads race.
        using var second = Kind == StoreKind.Postgres ? new OpenStore(Database.Options) : null;
        for (var round = 0; round < Rounds; round++)
        {
            await DecideAsync(Store, [.. Enumerable.Range(0, 10).Select(_ => Call("look"))]);
            await Task.WhenAll(CountAllAsync(Store), CountAllAsync(second ?? Store), CountAllAsync(Store));
        }
        await CountAllAsync(Store);
        Assert.Equal(10L * Rounds, Assert.Single(await Store.Usage.ToolsAsync(Organisation, "deploy", 0, Cancellation)).Allowed);
        Assert.Equal([(null, 10L * Rounds)], await ByReasonAsync(Store));
    }

    [Fact]
    public async Task An_audit_that_was_there_before_is_counted_in_stretches()
    {
        // More alike than fit into one stretch of the writer's time, so that stretches shrink.
        await DecideAsync(Store, [.. Enumerable.Range(0, 6000).Select(i => Call($"tool-{i % 3000}"))]);
        Assert.True(await Store.UsageFeed.CountAsync(Cancellation));
        var counted = await Store.Usage.CountedToAsync(Organisation, Cancellation);
        Assert.InRange(counted, 1, 5000);
        await CountAllAsync(Store);
        var tools = await Store.Usage.ToolsAsync(Organisation, null, 0, Cancellation);
        Assert.Equal((3000, 6000L), (tools.Count, tools.Sum(use => use.Allowed)));
    }

    [Fact]
    public async Task Hours_and_days_are_those_of_UTC_and_those_past_are_forgotten_after_400_days()
    {
        var clock = new FakeClock();
        using var store = new OpenStore(Database.Options, clock);
        clock.Advance(DayStart(clock).AddDays(1).AddMinutes(-30) - clock.GetUtcNow());
        await DecideAsync(store, Call("look"));
        var first = Microseconds(clock);
        clock.Advance(TimeSpan.FromHours(1));
        await DecideAsync(store, Call("look"), Call("look"));
        await CountAllAsync(store);

        Assert.Equal([1L, 2L], (await store.Usage.DecisionsAsync(Organisation, first, Microseconds(clock) + 1, Cancellation)).Select(count => count.Count));
        Assert.Equal(2L, Assert.Single(await store.Usage.DecisionsAsync(Organisation, Microseconds(clock), long.MaxValue, Cancellation)).Count);
        Assert.Equal(3L, Assert.Single(await store.Usage.ToolsAsync(Organisation, "deploy", first, Cancellation)).Allowed);
        var today = Assert.Single(await store.Usage.ToolsAsync(Organisation, "deploy", Microseconds(clock), Cancellation));
        Assert.Equal(2L, today.Allowed);
        Assert.InRange(today.LastAt, Microseconds(clock) - Hour, Microseconds(clock));

        clock.Advance(TimeSpan.FromDays(401));
        await DecideAsync(store, Call("drop"));
        await CountAllAsync(store);
        Assert.Equal("drop", Assert.Single(await store.Usage.ToolsAsync(Organisation, null, 0, Cancellation)).Tool);
        Assert.Equal(1L, Assert.Single(await store.Usage.DecisionsAsync(Organisation, 0, long.MaxValue, Cancellation)).Count);
        Assert.Equal(3L, (await store.Usage.TokensAsync(Organisation, ["tok_1"], Cancellation)).Single(use => use.Tool == "look").Calls);
    }

    [Fact]
    public async Task Organisations_are_counted_apart_and_an_idle_one_is_left_alone()
    {
        var other = new OrganisationId("other");
        await DecideAsync(Store, Call("look"), In(other, Call("look")), In(other, Call("look")));
        await CountAllAsync(Store);
        Assert.Equal(1L, Assert.Single(await Store.Usage.ToolsAsync(Organisation, null, 0, Cancellation)).Allowed);
        Assert.Equal(2L, Assert.Single(await Store.Usage.ToolsAsync(other, null, 0, Cancellation)).Allowed);
        Assert.False(await Store.UsageFeed.CountAsync(Cancellation));
        Assert.Equal(0, await Store.Usage.CountedToAsync(new OrganisationId("third"), Cancellation));
    }

    private static async Task CountAllAsync(OpenStore store)
    {
        while (await store.UsageFeed.CountAsync(Cancellation)) { }
    }

    private static async Task DecideAsync(OpenStore store, params AuditEvent[] records)
    {
        foreach (var record in records) store.AuditLog.Append(record);
        foreach (var record in records) Assert.True(await record.Durable());
    }

    private static async Task<IEnumerable<(string?, long)>> ByReasonAsync(OpenStore store) =>
        (await store.Usage.DecisionsAsync(Organisation, 0, long.MaxValue, Cancellation)).GroupBy(count => count.Code)
            .Select(counts => (counts.Key, counts.Sum(count => count.Count))).OrderBy(counts => counts.Key, StringComparer.Ordinal);

    private static DateTimeOffset DayStart(FakeClock clock) => new(clock.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);

    private static long Microseconds(FakeClock clock) => clock.GetUtcNow().ToUnixTimeMilliseconds() * 1000;

    private static AuditEvent Call(string tool) => new() { Kind = AuditKind.CallIntent, Call = Guid.CreateVersion7(), Token = "tok_1", Server = "deploy", Tool = tool, Allowed = true };

    private static AuditEvent Outcome(string tool, ReasonCode? code = null) => new() { Kind = AuditKind.CallOutcome, Call = Guid.CreateVersion7(), Token = "tok_1", Server = "deploy", Tool = tool, Outcome = code is null ? CallOutcome.Completed : CallOutcome.Refused, Code = code };

    private static AuditEvent Refused(string? tool, ReasonCode code) => new()
    {
        // As the gateway writes them: a refused call has an intent, any other request one record.
        Kind = tool is null ? AuditKind.Request : AuditKind.CallIntent, Call = Guid.CreateVersion7(), Token = "tok_1", Server = "deploy", Tool = tool, Allowed = false, Code = code,
    };

    private static AuditEvent Listed() => new() { Kind = AuditKind.Request, Token = "tok_1", Server = "deploy", Method = "tools/list", Allowed = true };

    private static AuditEvent Failed(ReasonCode code) => new() { Kind = AuditKind.Request, Token = "tok_1", Server = "deploy", Method = "initialize", Allowed = true, Code = code };

    private static AuditEvent Flood(ReasonCode code, int count) => new() { Kind = AuditKind.Refusals, Code = code, Count = count, Peer = "192.0.2.1" };

    private static AuditEvent In(OrganisationId organisation, AuditEvent record)
    {
        record.Organisation = organisation;
        return record;
    }
}
