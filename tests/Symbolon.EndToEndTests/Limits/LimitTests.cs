using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using Symbolon.EndToEndTests.Fixtures;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Limits;

[Collection(nameof(Alone))]
public sealed class SqliteLimitTests(SqliteLimitStage stage) : LimitTests(stage), IClassFixture<SqliteLimitStage>;

[Collection(nameof(Alone))]
public sealed class PostgresLimitTests(PostgresLimitStage stage) : LimitTests(stage), IClassFixture<PostgresLimitStage>;

/// <summary>Half of the calls come to each of two programs over one PostgreSQL; under 64 a limit is hit exactly all the same (ADR 0026).</summary>
[Collection(nameof(Alone))]
public sealed class TwoNodeLimitTests(TwoNodeLimitStage stage) : LimitTests(stage), IClassFixture<TwoNodeLimitStage>;

/// <summary>A hundred calls at once against a limit: neither one more nor one less goes through, for the callers, for the server behind, and in the audit.</summary>
[Trait("area", "policy")]
public abstract class LimitTests(LimitStage stage)
{
    private const int Calls = 100;

    [Theory]
    [InlineData("\"quota\":\"37/day\",\"per\":\"agent\"", 37, 86_400)]
    [InlineData("\"limit\":\"11/hour\",\"per\":\"token\"", 11, 3_600)]
    [InlineData("\"total\":{\"of\":\"args.skill\",\"most\":\"60/day\"},\"per\":\"agent\"", 20, 86_400)]
    public async Task Of_a_hundred_calls_at_once_as_many_go_through_as_the_limit_says(string limit, int permitted, int longest)
    {
        var (token, rule) = await stage.LimitAsync("keep", limit);
        var answers = await stage.CallAsync(token, "keep", Calls, new Dictionary<string, object?> { ["item"] = token.Grant, ["skill"] = 3 });
        await AssertAsync(answers, token, rule, permitted, longest);
    }

    [Fact]
    public async Task Of_a_hundred_calls_at_once_as_many_are_open_as_the_limit_says_and_when_they_end_others_may()
    {
        const int Open = 5;
        var (token, rule) = await stage.LimitAsync("hold", $"\"concurrency\":{Open},\"per\":\"agent\"");
        var arguments = new Dictionary<string, object?> { ["item"] = token.Grant };
        var calling = stage.CallAsync(token, "hold", Calls, arguments);
        // They end when all others have their answer, so that none of those came when fewer were open.
        await Deadline.ForAsync("all calls to be decided and the allowed ones to run", async () =>
            await DecidedAsync(token) is { Count: Calls } decided && decided.Count(record => (bool)record["allowed"]!) == stage.Ran(token.Grant) ? "decided" : null);
        await stage.LetGoAsync();
        await AssertAsync(await calling, token, rule, Open, 60);

        var next = stage.CallAsync(token, "hold", Open, arguments, comesAgain: true);
        await Deadline.ForAsync("the next ones to run", () => stage.Ran(token.Grant) == 2 * Open);
        await stage.LetGoAsync();
        Assert.All(await next, answer => Assert.NotEqual(true, answer.IsError));
    }

    private async Task AssertAsync(CallToolResult[] answers, IssuedToken token, string rule, int permitted, int longest)
    {
        var refusals = answers.Where(answer => answer.IsError == true).Select(answer => answer.Meta?["symbolon/refusal"]).ToList();
        Assert.Equal((permitted, Calls - permitted), (answers.Count(answer => answer.IsError != true), refusals.Count));
        Assert.All(refusals, refusal => Assert.Equal(("limit_reached", rule), ((string?)refusal?["code"], (string?)refusal?["rule"])));
        Assert.All(refusals, refusal => Assert.InRange((int?)refusal?["retryAfter"] ?? 0, 1, longest));
        Assert.Equal(permitted, stage.Ran(token.Grant));

        var decided = await DecidedAsync(token);
        Assert.Equal((permitted, Calls - permitted), (decided.Count(record => (bool)record["allowed"]!), decided.Count(record => (string?)record["code"] == "limit_reached" && (string?)record["rule"] == rule)));
        var ended = await stage.Setup.Api.AuditAsync($"token={token.Id}&kind=call_outcome");
        Assert.Equal(permitted, ended.Count(record => (string?)record["outcome"] == "completed"));
    }

    private Task<IReadOnlyList<JsonNode>> DecidedAsync(IssuedToken token) => stage.Setup.Api.AuditAsync($"token={token.Id}&kind=call_intent");
}
