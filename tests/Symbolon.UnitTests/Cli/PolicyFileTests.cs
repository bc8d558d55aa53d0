using System.Text.Json;

namespace Symbolon.UnitTests.Cli;

/// <summary>What can be said of policies from files alone.</summary>
[Trait("area", "cli")]
public sealed class PolicyFileTests
{
    private const string Server = """
        apiVersion: symbolon/v1
        kind: Server
        metadata: { name: payments, owner: ops@example.com }
        spec:
          upstream: { transport: http, url: http://127.0.0.1:7001/mcp }
          tools:
            - { name: refund, effect: write, inputSchema: { type: object, properties: { amount: { type: number } } } }
        ---

        """;

    [Fact]
    public async Task A_policy_that_fits_its_tools_and_whose_tests_pass_is_in_order()
    {
        var fake = Fake(Server + Policy("args.amount > 100", "deny"));
        Assert.Equal(0, await fake.RunAsync("lint -f -"));
        var tested = Fake(Server + Policy("args.amount > 100", "deny"));
        Assert.Equal(0, await tested.RunAsync("policy test -f -"));
        Assert.Equal("POLICY\tTEST\tRESULT\tSAID\nrefunds\t1\tpassed\tpayments/refund: expected deny by refunds/large, got deny by refunds/large\n", tested.Output.ToString());
        Assert.Contains("1 test, 0 failed.", tested.Error.ToString(), StringComparison.Ordinal);
        Assert.Empty(tested.Seen);
    }

    [Fact]
    public async Task A_test_that_fails_is_a_finding_with_its_line()
    {
        var fake = Fake(Server + Policy("args.amount > 1000", "deny"));
        Assert.Equal(2, await fake.RunAsync("lint -f -"));
        Assert.Contains("stdin:15: spec.tests[0]: The test fails: payments/refund: expected deny by refunds/large, got allow", fake.Output.ToString(), StringComparison.Ordinal);
        var tested = Fake(Server + Policy("args.amount > 1000", "deny"));
        Assert.Equal(2, await tested.RunAsync("policy test -f - -o json"));
        var row = Assert.Single(JsonDocument.Parse(tested.Output.ToString()).RootElement.EnumerateArray());
        Assert.Equal(("refunds", 1, "failed", "stdin", 15), (row.GetProperty("policy").GetString(), row.GetProperty("number").GetInt32(), row.GetProperty("result").GetString(), row.GetProperty("file").GetString(), row.GetProperty("line").GetInt32()));
    }

    [Fact]
    public async Task A_condition_that_does_not_fit_the_tool_is_told_with_its_line()
    {
        var fake = Fake(Server + Policy("args.amuont > 100", "deny"));
        Assert.Equal(2, await fake.RunAsync("lint -f -"));
        Assert.Contains("stdin:13: spec.rules[0].when: ", fake.Output.ToString(), StringComparison.Ordinal);
        var tested = Fake(Server + Policy("args.amuont > 100", "deny"));
        Assert.Equal(2, await tested.RunAsync("policy test -f -"));
        Assert.Contains("0 tests, 0 failed, 1 could not be run or checked.", tested.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_servers_of_no_file_have_is_not_judged_and_their_tests_do_not_pass()
    {
        var fake = Fake(Policy("args.amount > 100", "deny"));
        Assert.Equal(0, await fake.RunAsync("lint -f -"));
        Assert.Contains("no file describes payments; what policy refunds says of it is checked when it is applied", fake.Error.ToString(), StringComparison.Ordinal);
        var tested = Fake(Policy("args.amount > 100", "deny"));
        Assert.Equal(2, await tested.RunAsync("policy test -f -"));
        Assert.Contains("not run\tno file describes the server payments", tested.Output.ToString(), StringComparison.Ordinal);
        // An expression that is none is wrong whatever the tools are.
        Assert.Equal(2, await Fake(Policy("args.amount >", "deny")).RunAsync("lint -f -"));
    }

    [Theory]
    [InlineData("policy test")]
    [InlineData("policy test refunds -f -")]
    public async Task Either_files_or_a_policy_are_named(string line) => Assert.Equal(3, await Fake(Server).RunAsync(line));

    [Fact]
    public async Task Files_without_a_policy_do_not_pass_as_tested() => Assert.Equal(3, await Fake(Server).RunAsync("policy test -f -"));

    private static FakeApi Fake(string yaml) => new() { Token = null, Answer = yaml };

    private static string Policy(string when, string expect) => $$"""
        apiVersion: symbolon/v1
        kind: Policy
        metadata: { name: refunds }
        spec:
          rules: [{ name: large, servers: [payments], tools: [refund], when: "{{when}}", decision: deny }]
          tests:
            - { server: payments, tool: refund, args: { amount: 250 }, expect: {{expect}}, rule: large }

        """;
}
