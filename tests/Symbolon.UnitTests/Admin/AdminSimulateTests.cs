using Symbolon.Core.Identity;

namespace Symbolon.UnitTests.Admin;

[Trait("area", "admin")]
public sealed class AdminSimulateTests
{
    private const string Server = """
        {"apiVersion":"symbolon/v1","kind":"Server","metadata":{"name":"payments","owner":"a@example.com"},"spec":{"upstream":{"transport":"http","url":"http://127.0.0.1:1/mcp"},
         "tools":[{"name":"refund","effect":"write","inputSchema":{"type":"object","properties":{"amount":{"type":"number"},"to":{"type":"string"}}}},{"name":"look","effect":"read"}]}}
        """;

    private const string Policy = """
        {"apiVersion":"symbolon/v1","kind":"Policy","metadata":{"name":"refunds"},"spec":{"rules":[
         {"name":"large","servers":["payments"],"tools":["refund"],"when":"args.amount > 100","decision":"deny","message":"Ask finance."},
         {"name":"night","servers":["*"],"tools":["refund"],"when":"args.amount > 50 && call.time.getHours() < 6","decision":"deny","mode":"observe"},
         {"name":"bots","servers":["*"],"tools":["*"],"agents":["bot"],"when":"\"sensitive\" in session.flags && tool.name == \"refund\"","decision":"deny"},
         {"name":"slow","servers":["*"],"tools":["*"],"limit":"60/minute","per":"token"}],
         "tests":[{"server":"payments","tool":"refund","args":{"amount":250},"expect":"deny","rule":"large"},{"server":"payments","tool":"refund","args":{"amount":1},"expect":"allow"},{"server":"payments","tool":"refund","args":{"amount":60},"at":"2027-01-04T03:00:00Z","expect":"deny","rule":"night"},{"server":"payments","tool":"refund","args":{"amount":60},"at":"2027-01-04T12:00:00Z","expect":"allow"}]}}
        """;

    [Fact]
    public async Task A_call_that_nobody_makes_is_decided_and_each_rule_says_what_came_of_it()
    {
        await using var host = await HostAsync();
        var denied = await host.PostAsync("/api/v1/policies/simulate", """{"call":{"server":"payments","tool":"refund","args":{"amount":100.5},"subject":{"user":"alice@example.com"},"agent":"bot","at":"2027-01-04T03:00:00Z"} }""");
        Assert.Equal(
            """
            {"decision":"deny","code":"denied_by_policy","rule":"refunds/large","message":"Ask finance.","observed":["refunds/night:deny"],"demands":[],"trace":[{"rule":"refunds/large","matched":"yes","says":"deny","observed":false},{"rule":"refunds/night","matched":"yes","says":"deny","observed":true},{"rule":"refunds/bots","matched":"no","says":"deny","observed":false},{"rule":"refunds/slow","matched":"yes","says":"limit","observed":false}]}
            """, denied.Text);

        var allowed = await host.PostAsync("/api/v1/policies/simulate", """{"call":{"server":"payments","tool":"refund","args":{"amount":100},"at":"2027-01-04T12:00:00Z"} }""");
        Assert.Equal("allow", allowed.Json.GetProperty("decision").GetString());
        Assert.Equal("refunds/slow 60/minute", Assert.Single(allowed.Json.GetProperty("demands").EnumerateArray()) switch { var demand => $"{demand.GetProperty("id")} {demand.GetProperty("rule").GetProperty("limit")}" });
        Assert.Equal("other", allowed.Json.GetProperty("trace")[2].GetProperty("matched").GetString());

        var session = await host.PostAsync("/api/v1/policies/simulate", """{"call":{"server":"payments","tool":"refund","args":{"amount":1},"agent":"bot","session":{"flags":["sensitive"] } } }""");
        Assert.Equal("refunds/bots", session.Json.GetProperty("rule").GetString());
        var error = await host.PostAsync("/api/v1/policies/simulate", """{"call":{"server":"payments","tool":"refund","args":{"to":"x"}}}""");
        Assert.Equal(("deny", "policy_error", "refunds/large"), (error.Json.GetProperty("decision").GetString(), error.Json.GetProperty("code").GetString(), error.Json.GetProperty("rule").GetString()));
        Assert.NotEmpty(error.Json.GetProperty("error").GetString()!);
        // Nothing was changed, and nothing is recorded.
        Assert.DoesNotContain(host.Store.Committed, record => record.Action!.Contains("simulate", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_holder_of_a_token_can_be_the_one_who_calls()
    {
        await using var host = await HostAsync();
        var issued = await host.PostAsync("/api/v1/tokens", """{"agent":"bot","createGrant":{"name":"g"},"servers":[{"name":"payments","tools":["refund"]}]}""");
        var id = issued.Json.GetProperty("id").GetString();
        var said = await host.PostAsync("/api/v1/policies/simulate", $$$"""{"token":"{{{id}}}","call":{"server":"payments","tool":"refund","args":{"amount":1},"session":{"flags":["sensitive"] } } }""");
        Assert.Equal("refunds/bots", said.Json.GetProperty("rule").GetString());
        Assert.Equal((422, "invalid"), Told(await host.PostAsync("/api/v1/policies/simulate", $$$"""{"token":"{{{id}}}","call":{"server":"payments","tool":"refund","agent":"bot"}}""")));
        Assert.Equal((404, "not_found"), Told(await host.PostAsync("/api/v1/policies/simulate", """{"token":"tok_nobody","call":{"server":"payments","tool":"refund"}}""")));
    }

    [Fact]
    public async Task What_no_total_can_add_is_refused_as_the_call_would_be_and_keeps_what_was_observed()
    {
        await using var host = await HostAsync();
        await ApplyAsync(host, """
            {"name":"watched","servers":["payments"],"tools":["refund"],"total":{"of":"args.amount","most":"1000/day"},"mode":"observe"},
            {"name":"paid","servers":["payments"],"tools":["refund"],"total":{"of":"args.amount","most":"1000/day"}}
            """);
        var said = (await host.PostAsync("/api/v1/policies/simulate", """{"call":{"server":"payments","tool":"refund","args":{"amount":-1}}}""")).Json;
        Assert.Equal(("deny", "policy_error", "more/paid"), (said.GetProperty("decision").GetString(), said.GetProperty("code").GetString(), said.GetProperty("rule").GetString()));
        Assert.Equal("more/watched:error", Assert.Single(said.GetProperty("observed").EnumerateArray()).GetString());
        Assert.Empty(said.GetProperty("demands").EnumerateArray());
    }

    [Fact]
    public async Task Rules_know_the_grant_that_the_call_would_be_allowed_by_whether_a_token_or_people_are_named()
    {
        await using var host = await HostAsync();
        await ApplyAsync(host, """{"name":"by-grant","servers":["payments"],"tools":["refund"],"when":"grant.name == 'g'","decision":"deny"}""");
        var issued = await host.PostAsync("/api/v1/tokens", """{"agent":"bot","createGrant":{"name":"g"},"servers":[{"name":"payments","tools":["refund"]}]}""");
        Assert.Equal("more/by-grant", await RuleAsync($$"""{"token":"{{issued.Json.GetProperty("id").GetString()}}","call":{"server":"payments","tool":"refund","args":{"amount":1} } }"""));
        Assert.Equal("more/by-grant", await RuleAsync("""{"call":{"server":"payments","tool":"refund","args":{"amount":1},"agent":"bot"}}"""));
        Assert.Null(await RuleAsync("""{"call":{"server":"payments","tool":"refund","args":{"amount":1},"agent":"other"}}"""));

        async Task<string?> RuleAsync(string body) => (await host.PostAsync("/api/v1/policies/simulate", body)).Json.TryGetProperty("rule", out var rule) ? rule.GetString() : null;
    }

    [Fact]
    public async Task An_argument_may_have_what_could_not_be_stored_since_nothing_is()
    {
        await using var host = await HostAsync();
        await ApplyAsync(host, """{"name":"zero","servers":["payments"],"tools":["refund"],"when":"args.to == 'a\\u0000'","decision":"deny"}""");
        var said = await host.PostAsync("/api/v1/policies/simulate", """{"call":{"server":"payments","tool":"refund","args":{"amount":1,"to":"a\u0000"}}}""");
        Assert.Equal("more/zero", said.Json.GetProperty("rule").GetString());
    }

    [Theory]
    [InlineData("""{"call":{"server":"payments"}}""", 422, "call.tool")]
    [InlineData("""{"call":{"server":"payments","tool":"refund","prompt":"a"}}""", 422, "call.prompt")]
    [InlineData("""{"call":{"server":"*","tool":"refund"}}""", 422, "call.server")]
    [InlineData("""{"call":{"server":"payments","tool":"refund","args":[]}}""", 422, "call.args")]
    [InlineData("""{"call":{"server":"payments","tool":"refund","subject":{"user":"x"}}}""", 422, "call.subject.user")]
    [InlineData("""{"call":{"server":"payments","tool":"refund","at":"noon"}}""", 422, "call.at")]
    [InlineData("""{"call":{"server":"payments","tool":"refund","expect":"deny"}}""", 400, "call.expect")]
    [InlineData("""{"call":{"server":"payments","tool":"refund"},"ip":"10.1.2"}""", 422, "ip")]
    [InlineData("""{"call":{"server":"payments","tool":"refund"},"ip":"home"}""", 422, "ip")]
    public async Task What_is_wrong_with_a_call_is_said_at_its_place(string body, int status, string path)
    {
        await using var host = await HostAsync();
        var answer = await host.PostAsync("/api/v1/policies/simulate", body);
        Assert.Equal(status, answer.Status);
        Assert.Equal(path, answer.Json.GetProperty("errors")[0].GetProperty("path").GetString());
    }

    [Theory]
    [InlineData("""{"call":{"server":"payments","tool":"nobody"}}""")]
    [InlineData("""{"call":{"server":"nobody","tool":"refund"}}""")]
    [InlineData("""{"call":{"server":"nobody","prompt":"a"}}""")]
    public async Task What_nobody_could_call_is_not_found(string body)
    {
        await using var host = await HostAsync();
        Assert.Equal((404, "not_found"), Told(await host.PostAsync("/api/v1/policies/simulate", body)));
    }

    [Fact]
    public async Task The_tests_of_a_policy_are_run_and_no_version_of_a_server_is_taken_that_it_would_not_fit()
    {
        await using var host = await HostAsync();
        Assert.Equal([true, true, true, true], await PassedAsync());
        // No amount any more, and no such tool any more: the rule would deny everything, or be about nothing.
        foreach (var (was, becomes) in ((string, string)[])[("\"amount\":{\"type\":\"number\"},", ""), ("\"name\":\"refund\"", "\"name\":\"refund_v2\"")])
        {
            var refused = await host.PostAsync("/api/v1/apply", $$"""{"documents":[{{Server.Replace(was, becomes, StringComparison.Ordinal)}}]}""");
            Assert.Equal(422, refused.Status);
            Assert.Contains("Policy refunds would not fit this version of payments: spec.rules[0]", refused.Text, StringComparison.Ordinal);
        }
        Assert.Equal([true, true, true, true], await PassedAsync());
        Assert.Equal((404, "not_found"), Told(await host.GetAsync("/api/v1/policies/nobody/tests")));

        async Task<IEnumerable<bool>> PassedAsync() => (await host.GetAsync("/api/v1/policies/refunds/tests")).Json.EnumerateArray().Select(result => result.GetProperty("passed").GetBoolean()).ToList();
    }

    private static async Task<AdminHost> HostAsync()
    {
        var host = await AdminHost.StartAsync();
        await ApproveAsync(host, Server, 1);
        var applied = await host.PostAsync("/api/v1/apply", $$$"""{"documents":[{"apiVersion":"symbolon/v1","kind":"Agent","metadata":{"name":"bot","owner":"a@example.com"}},{{{Policy}}}]}""");
        Assert.True(applied.Status == 200, applied.Text);
        return host;
    }

    private static async Task ApplyAsync(AdminHost host, string rules)
    {
        var applied = await host.PostAsync("/api/v1/apply", $$$"""{"documents":[{"apiVersion":"symbolon/v1","kind":"Policy","metadata":{"name":"more"},"spec":{"rules":[{{{rules}}}]} }]}""");
        Assert.True(applied.Status == 200, applied.Text);
    }

    private static async Task ApproveAsync(AdminHost host, string server, int version)
    {
        Assert.Equal(200, (await host.PostAsync("/api/v1/apply", $$"""{"documents":[{{server}}]}""")).Status);
        var answer = await host.PostAsync("/api/v1/servers/payments/approve", $$"""{"version":{{version}}}""");
        Assert.True(answer.Status is 200 or 409, answer.Text);
        Assert.Equal(version, host.Configuration.Server(OrganisationId.Default, new ServerName("payments"))!.Approved!.Number);
    }

    private static (int, string?) Told(Answer answer) => (answer.Status, answer.Code);
}
