using Symbolon.Core.Policy.Limits;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Tools;

namespace Symbolon.UnitTests.Files;

[Trait("area", "files")]
public sealed class PolicyDocumentTests
{
    private const string First = "spec.rules.0.";
    private static readonly string[] Wholes = [First + "decision"];

    [Fact]
    public void A_policy_with_every_field_is_read_as_it_says()
    {
        var policy = Assert.IsType<Document.Policy>(Read(Documents.Policy)).Object;
        Assert.Equal(("refunds", true, 8, 3), (policy.Name.Value, policy.DeniesByDefault, policy.Rules.Length, policy.Tests.Length));
        var rule = policy.Rules[0];
        Assert.Equal(("large-refunds", RuleDecision.Deny, true, "Ask finance: größer als 100 €."), (rule.Name, rule.Decision, rule.IsObserved, rule.Message));
        Assert.Equal("args.amount > 100\n  && args.currency == \"EUR\"", rule.When);
        Assert.Equal(("payments,*", "refund,*", "review code,*", "file:///docs/**,*"), (Joined(rule.Servers), Joined(rule.Tools), Joined(rule.Prompts), Joined(rule.Resources.Select(each => each.Text))));
        Assert.Equal(("alice@example.com,*", "bot,*", "ci,*", "prod"), (Joined(rule.Subjects), Joined(rule.Agents), Joined(rule.Workflows), rule.Labels["env"]));
        Assert.Equal([Effect.Write, Effect.Irreversible], rule.Effects);
        Assert.Equal(("60/minute", 10L, "user,tool"), (policy.Rules[1].Limit!.Rate, policy.Rules[1].Limit!.Burst, Joined(policy.Rules[1].Limit!.Per)));
        Assert.Equal(("1000/day", "token"), (policy.Rules[2].Limit!.Quota, Joined(policy.Rules[2].Limit!.Per)));
        Assert.Equal(("args.amount", "10000/month", 5), (policy.Rules[3].Limit!.Of, policy.Rules[3].Limit!.Total, policy.Rules[4].Limit!.Concurrency));
        var obligations = policy.Rules[5].Obligations!;
        Assert.Equal(("ssn,customer.card", 65536L, "b c", "refund"), (Joined(obligations.Redact), obligations.MostResultBytes, obligations.Headers["x-a"], obligations.Headers["X-Reason"]));
        Assert.Equal(new DecisionPoint { Url = "https://opa.example.com/v1/data/mcp/allow", TimeoutMilliseconds = 750, CacheSeconds = 30 }, policy.Rules[7].Decide);
        Assert.All(policy.Rules.Skip(1), other => Assert.False(other.IsObserved));
    }

    [Fact]
    public void Tests_keep_their_arguments_to_the_digit()
    {
        var tests = Assert.IsType<Document.Policy>(Read(Documents.Policy)).Object.Tests;
        Assert.Equal("""{"amount":1.50,"n":9007199254740993,"deep":[{"a":null}]}""", tests[0].Arguments);
        Assert.Equal(("alice@example.com", "finance", "bot", "ci", "sensitive"), (tests[0].User, Joined(tests[0].Groups), tests[0].Agent, tests[0].Workflow, Joined(tests[0].SessionFlags)));
        Assert.Equal((ExpectedDecision.Deny, "large-refunds", "refund"), (tests[0].Expect, tests[0].Rule, tests[0].Tool));
        Assert.Equal(("review code", "{}", ExpectedDecision.Allow), (tests[1].Prompt, tests[1].Arguments, tests[1].Expect));
        Assert.Equal(("file:///docs/a", null, ExpectedDecision.Error), (tests[2].Resource, tests[2].Arguments, tests[2].Expect));
    }

    [Fact]
    public void What_is_not_said_has_the_defaults_that_are_promised()
    {
        var policy = Assert.IsType<Document.Policy>(Read("""{"apiVersion":"symbolon/v1","kind":"Policy","metadata":{"name":"p"},"spec":{"rules":[{"name":"r","servers":["*"],"decide":{"url":"http://127.0.0.1:8181/"}}]}}""")).Object;
        Assert.False(policy.DeniesByDefault);
        Assert.Equal((500, 0, false), (policy.Rules[0].Decide!.TimeoutMilliseconds, policy.Rules[0].Decide!.CacheSeconds, policy.Rules[0].IsObserved));
    }

    /// <summary>Document, member, its value: accepted.</summary>
    public static TheoryData<string, string, string?> Accepted => new()
    {
        { "Policy", "spec.default", "\"allow\"" }, { "Policy", "spec.default", null }, { "Policy", "spec.tests", null }, { "Policy", "spec.tests", "[]" }, { "Policy", "spec", "{}" },
        { "Policy", "spec", """{"rules":[]}""" }, { "Policy", First + "labels", null }, { "Policy", First + "tools", "[]" }, { "Policy", First + "when", null }, { "Policy", First + "mode", "\"enforce\"" },
        { "Policy", First + "decision", "\"allow\"" }, { "Policy", First + "when", $"\"{new string('x', 4096)}\"" }, { "Policy", First + "message", $"\"{new string('x', 500)}\"" },
        { "Policy", "spec.rules.1.limit", "\"1000000000/second\"" }, { "Policy", "spec.rules.1.burst", null }, { "Policy", "spec.rules.1.burst", "1000000000" }, { "Policy", "spec.rules.1.per", "[]" }, { "Policy", "spec.rules.1.per", null },
        { "Policy", "spec.rules.2.quota", "\"1/week\"" }, { "Policy", "spec.rules.3.total.most", "\"1/hour\"" }, { "Policy", "spec.rules.3.total.most", "\"1000000000/day\"" }, { "Policy", "spec.rules.4.concurrency", "1000000" },
        { "Policy", "spec.rules.5.obligations.headers", null }, { "Policy", "spec.rules.5.obligations.maxResultBytes", "268435456" }, { "Policy", "spec.rules.5.obligations.headers", """{"X-Api-Version":"2"}""" },
        { "Policy", "spec.rules.7.decide.timeout", "\"2s\"" }, { "Policy", "spec.rules.7.decide.timeout", "\"1ms\"" }, { "Policy", "spec.rules.7.decide.cache", "\"5m\"" }, { "Policy", "spec.rules.7.decide.cache", "\"0s\"" },
        { "Policy", "spec.rules.7.decide.url", "\"http://localhost:8181/v1/data?x=y\"" }, { "Policy", "spec.tests.0.subject", "{}" }, { "Policy", "spec.tests.0.session", null }, { "Policy", "spec.tests.0.at", "\"2027-01-04T03:00:00+01:00\"" }, { "Policy", "spec.tests.0.rule", null },
    };

    [Theory]
    [MemberData(nameof(Accepted))]
    public void What_a_policy_may_say_is_accepted_and_written_back(string kind, string path, string? json)
    {
        var document = Read(Documents.With(kind, path, json));
        using var written = System.Text.Json.JsonDocument.Parse(DocumentWriter.Write(document));
        Assert.True(document.SaysTheSameAs(DocumentReader.Read(written.RootElement).Document!));
    }

    /// <summary>Of the format, and not built yet: refused by name.</summary>
    public static TheoryData<string, string, string> NotYet => new()
    {
        { "Policy", First + "decision", "\"require_approval\"" }, { "Policy", First + "approvers", "[\"group:finance\"]" }, { "Policy", "spec.tests.0.expect", "\"require_approval\"" },
    };

    [Theory]
    [MemberData(nameof(NotYet))]
    public void What_is_not_built_yet_is_refused_by_name(string kind, string path, string json)
    {
        var error = Assert.Single(Documents.Read(Documents.With(kind, path, json)).Errors);
        Assert.Equal((PathOf(path), "not_supported_yet"), (error.Path, error.Code));
        Assert.Contains("not supported yet", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Document, member, its value, error code.</summary>
    public static TheoryData<string, string, string?, string> Refused => new()
    {
        { "Policy", "metadata.name", "\"Refunds\"", "bad_name" }, { "Policy", "metadata.name", "\"hits\"", "bad_name" }, { "Policy", "metadata.name", "\"simulate\"", "bad_name" }, { "Policy", "metadata.owner", "\"a@b.c\"", "unknown_field" }, { "Policy", "spec", null, "missing" }, { "Policy", "spec.colour", "1", "unknown_field" },
        { "Policy", "spec.default", "\"Deny\"", "bad_value" }, { "Policy", "spec.default", "false", "wrong_type" }, { "Policy", "spec.rules", "{}", "wrong_type" }, { "Policy", "spec.rules.0", "\"x\"", "wrong_type" },
        { "Policy", "spec.tests", "{}", "wrong_type" }, { "Policy", "spec.tests.0", "[]", "wrong_type" }, { "Policy", First + "colour", "1", "unknown_field" },
        { "Policy", "spec.rules.1.name", null, "missing" }, { "Policy", "spec.rules.1.name", "\"Slow\"", "bad_name" }, { "Policy", "spec.rules.1.name", "\"large-refunds\"", "duplicate" },
        { "Policy", First + "servers", null, "missing" }, { "Policy", First + "servers", "[]", "missing" }, { "Policy", First + "servers", "\"*\"", "wrong_type" }, { "Policy", First + "servers.0", "\"Pay\"", "bad_value" },
        { "Policy", First + "servers.0", "\"pay*\"", "bad_value" }, { "Policy", First + "servers.1", "\"payments\"", "duplicate" }, { "Policy", First + "labels", "[]", "wrong_type" }, { "Policy", First + "labels.env", "1", "wrong_type" },
        { "Policy", First + "tools.0", "\"re*\"", "bad_value" }, { "Policy", First + "tools.0", "7", "wrong_type" }, { "Policy", First + "effects.0", "\"delete\"", "bad_value" }, { "Policy", First + "prompts.0", "\"a*\"", "bad_value" },
        { "Policy", First + "resources.0", "\"docs/*\"", "bad_value" }, { "Policy", First + "subjects.0", "\"alice\"", "bad_value" }, { "Policy", First + "agents.0", "\"Bot\"", "bad_value" }, { "Policy", First + "workflows.0", "\"c i\"", "bad_value" },
        { "Policy", First + "when", "\"\"", "bad_value" }, { "Policy", First + "when", "true", "wrong_type" }, { "Policy", First + "when", "\" \\n\"", "bad_value" }, { "Policy", First + "when", "\"a\\u202eb\"", "bad_value" }, { "Policy", First + "when", "\"a\\u0007\"", "bad_value" },
        { "Policy", First + "when", "\"a\\udb40\\udc20b\"", "bad_value" }, { "Policy", First + "when", $"\"{new string('x', 4097)}\"", "too_long" },
        { "Policy", First + "decision", "\"maybe\"", "bad_value" }, { "Policy", First + "mode", "\"off\"", "bad_value" }, { "Policy", First + "mode", "true", "wrong_type" },
        { "Policy", First + "message", "\"\"", "bad_value" }, { "Policy", First + "message", "\"a\\nb\"", "bad_value" }, { "Policy", First + "message", $"\"{new string('x', 501)}\"", "too_long" },
        // What a rule does: one thing.
        { "Policy", First + "decision", null, "missing" }, { "Policy", First + "limit", "\"1/hour\"", "bad_value" }, { "Policy", First + "decide", """{"url":"https://opa.example.com/"}""", "bad_value" }, { "Policy", First + "obligations", """{"redact":["a"]}""", "bad_value" },
        { "Policy", "spec.rules.1.quota", "\"1/day\"", "bad_value" }, { "Policy", "spec.rules.1.obligations", """{"redact":["a"]}""", "bad_value" }, { "Policy", "spec.rules.2.burst", "5", "bad_value" }, { "Policy", First + "per", "\"token\"", "bad_value" }, { "Policy", First + "burst", "5", "bad_value" },
        { "Policy", "spec.rules.1.limit", "\"60\"", "bad_value" }, { "Policy", "spec.rules.1.limit", "\"0/minute\"", "bad_value" }, { "Policy", "spec.rules.1.limit", "\"060/minute\"", "bad_value" }, { "Policy", "spec.rules.1.limit", "\"1000000001/minute\"", "bad_value" },
        { "Policy", "spec.rules.1.limit", "\"99999999999/day\"", "bad_value" }, { "Policy", "spec.rules.1.limit", "\"-1/minute\"", "bad_value" }, { "Policy", "spec.rules.1.limit", "\"60/week\"", "bad_value" }, { "Policy", "spec.rules.1.limit", "60", "wrong_type" },
        { "Policy", "spec.rules.1.burst", "0", "bad_value" }, { "Policy", "spec.rules.1.burst", "1.5", "bad_value" }, { "Policy", "spec.rules.1.burst", "\"10\"", "wrong_type" }, { "Policy", "spec.rules.1.burst", "1000000001", "bad_value" },
        { "Policy", "spec.rules.2.quota", "\"1000/minute\"", "bad_value" }, { "Policy", "spec.rules.2.per", "\"group\"", "bad_value" }, { "Policy", "spec.rules.1.per.0", "\"caller\"", "bad_value" }, { "Policy", "spec.rules.1.per.1", "\"user\"", "duplicate" }, { "Policy", "spec.rules.1.per", "1", "wrong_type" },
        { "Policy", "spec.rules.3.total", "\"10/day\"", "wrong_type" }, { "Policy", "spec.rules.3.total.of", null, "missing" }, { "Policy", "spec.rules.3.total.of", "\" \"", "bad_value" }, { "Policy", "spec.rules.3.total.most", null, "missing" }, { "Policy", "spec.rules.3.total.most", "\"0/day\"", "bad_value" },
        { "Policy", "spec.rules.3.total.most", "\"1.5/day\"", "bad_value" }, { "Policy", "spec.rules.3.total.most", "\"1./day\"", "bad_value" }, { "Policy", "spec.rules.3.total.most", "\"1e3/day\"", "bad_value" }, { "Policy", "spec.rules.3.total.most", "\"1000000001/day\"", "bad_value" }, { "Policy", "spec.rules.3.total.colour", "1", "unknown_field" },
        { "Policy", "spec.rules.4.concurrency", "0", "bad_value" }, { "Policy", "spec.rules.4.concurrency", "1000001", "bad_value" }, { "Policy", "spec.rules.4.concurrency", "\"5\"", "wrong_type" },
        { "Policy", "spec.rules.6.obligations", "{}", "missing" }, { "Policy", "spec.rules.6.obligations", "[]", "wrong_type" }, { "Policy", "spec.rules.6.obligations.colour", "1", "unknown_field" }, { "Policy", "spec.rules.6.obligations.maxResultBytes", "0", "bad_value" },
        { "Policy", "spec.rules.5.obligations.redact.0", "\"a..b\"", "bad_value" }, { "Policy", "spec.rules.5.obligations.redact.0", "\"\"", "bad_value" }, { "Policy", "spec.rules.5.obligations.redact.1", "\"ssn\"", "duplicate" }, { "Policy", "spec.rules.5.obligations.redact.0", "\"a\\u200b\"", "bad_value" },
        { "Policy", "spec.rules.5.obligations.maxResultBytes", "268435457", "bad_value" }, { "Policy", "spec.rules.5.obligations.headers", "[]", "wrong_type" }, { "Policy", "spec.rules.5.obligations.headers.x-a", "1", "wrong_type" }, { "Policy", "spec.rules.5.obligations.headers.x-a", "\"\"", "bad_value" },
        { "Policy", "spec.rules.5.obligations.headers.x-a", "\"a\\r\\nb\"", "bad_value" }, { "Policy", "spec.rules.5.obligations.headers.x-a", "\" a\"", "bad_value" }, { "Policy", "spec.rules.5.obligations.headers.x-a", "\"ä\"", "bad_value" }, { "Policy", "spec.rules.5.obligations.headers.X-A", "\"b\"", "duplicate" },
        { "Policy", "spec.rules.7.decide.url", null, "missing" }, { "Policy", "spec.rules.7.decide.url", "\"http://opa.example.com/\"", "bad_value" }, { "Policy", "spec.rules.7.decide.url", "\"https://u:p@opa.example.com/\"", "bad_value" }, { "Policy", "spec.rules.7.decide.url", "\"file:///etc/passwd\"", "bad_value" },
        { "Policy", "spec.rules.7.decide.timeout", "\"2001ms\"", "bad_value" }, { "Policy", "spec.rules.7.decide.timeout", "\"3s\"", "bad_value" }, { "Policy", "spec.rules.7.decide.timeout", "\"0ms\"", "bad_value" }, { "Policy", "spec.rules.7.decide.timeout", "500", "wrong_type" }, { "Policy", "spec.rules.7.decide.timeout", "\"1m\"", "bad_value" },
        { "Policy", "spec.rules.7.decide.cache", "\"6m\"", "bad_value" }, { "Policy", "spec.rules.7.decide.colour", "1", "unknown_field" },
        { "Policy", "spec.tests.0.server", null, "missing" }, { "Policy", "spec.tests.0.server", "\"*\"", "bad_name" }, { "Policy", "spec.tests.0.tool", null, "missing" }, { "Policy", "spec.tests.0.tool", "\"*\"", "bad_name" }, { "Policy", "spec.tests.0.prompt", "\"a\"", "bad_value" }, { "Policy", "spec.tests.1.prompt", "\"*\"", "bad_value" },
        { "Policy", "spec.tests.2.args", "{}", "bad_value" }, { "Policy", "spec.tests.0.args", "[]", "wrong_type" }, { "Policy", "spec.tests.0.expect", null, "missing" }, { "Policy", "spec.tests.0.expect", "\"denied\"", "bad_value" }, { "Policy", "spec.tests.0.rule", "\"nobody\"", "unknown_reference" },
        { "Policy", "spec.tests.0.subject", "[]", "wrong_type" }, { "Policy", "spec.tests.0.subject.user", "\"*\"", "bad_value" }, { "Policy", "spec.tests.0.subject.groups.0", "\"\"", "bad_value" }, { "Policy", "spec.tests.0.subject.colour", "1", "unknown_field" }, { "Policy", "spec.tests.0.agent", "\"*\"", "bad_name" },
        { "Policy", "spec.tests.0.session", "[]", "wrong_type" }, { "Policy", "spec.tests.0.session.flags.0", "\"A b\"", "bad_value" }, { "Policy", "spec.tests.0.session.colour", "1", "unknown_field" }, { "Policy", "spec.tests.0.colour", "1", "unknown_field" }, { "Policy", "spec.tests.0.at", "1", "wrong_type" }, { "Policy", "spec.tests.0.at", "\"2027-01-04\"", "bad_value" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_is_wrong_is_refused_with_its_place(string kind, string path, string? json, string code)
    {
        var reading = Documents.Read(Documents.With(kind, path, json));
        Assert.Null(reading.Document);
        var error = Assert.Single(reading.Errors);
        Assert.Equal(code, error.Code);
        // What is missing of several is missing in the whole rule.
        Assert.StartsWith(json is null && Wholes.Contains(path) ? PathOf(path)[..PathOf(path).LastIndexOf('.')] : PathOf(path), error.Path, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Authorization")]
    [InlineData("dpop")]
    [InlineData("Cookie")]
    [InlineData("Host")]
    [InlineData("Content-Type")]
    [InlineData("content-length")]
    [InlineData("Mcp-Session-Id")]
    [InlineData("mcp-param-x")]
    [InlineData("Transfer-Encoding")]
    [InlineData("Connection")]
    [InlineData("Keep-Alive")]
    [InlineData("Forwarded")]
    [InlineData("X-Forwarded-For")]
    [InlineData("X-Real-IP")]
    [InlineData("x-original-url")]
    [InlineData("Symbolon-Identity")]
    [InlineData("X Y")]
    [InlineData("")]
    public void A_rule_adds_no_header_that_frames_routes_or_proves_anything(string name)
    {
        var error = Assert.Single(Documents.Read(Documents.With("Policy", "spec.rules.5.obligations.headers", $$"""{"{{name}}":"x"}""")).Errors);
        Assert.Equal("bad_name", error.Code);
        Assert.StartsWith("spec.rules[5].obligations.headers", error.Path, StringComparison.Ordinal);
    }

    /// <summary>The files' reader knows the form by itself; what counts them reads the same texts.</summary>
    [Theory]
    [InlineData("60/minute")]
    [InlineData("1/second")]
    [InlineData("1000000000/day")]
    [InlineData("1000000001/day")]
    [InlineData("1/hour")]
    [InlineData("1/week")]
    [InlineData("1/month")]
    [InlineData("1/Day")]
    [InlineData("1/days")]
    [InlineData("01/day")]
    [InlineData("+1/day")]
    [InlineData(" 1/day")]
    [InlineData("1 /day")]
    [InlineData("1.0/day")]
    [InlineData("1/day/day")]
    [InlineData("/day")]
    [InlineData("1/")]
    [InlineData("1")]
    [InlineData("")]
    public void Terms_are_accepted_where_they_can_be_counted(string text)
    {
        foreach (var (kind, path) in new[] { (LimitKind.Rate, "spec.rules.1.limit"), (LimitKind.Quota, "spec.rules.2.quota"), (LimitKind.Total, "spec.rules.3.total.most") })
            Assert.Equal(LimitTerms.TryParse(kind, text, null, out _, out _), Documents.Read(Documents.With("Policy", path, $"\"{text}\"")).Errors.IsEmpty);
    }

    [Fact]
    public void The_limits_of_a_policy_are_said_and_kept()
    {
        static string Rules(int count) => "[" + string.Join(",", Enumerable.Range(0, count).Select(i => $$"""{"name":"r{{i}}","servers":["*"],"decision":"deny"}""")) + "]";
        static string Tests(int count) => "[" + string.Join(",", Enumerable.Repeat("""{"server":"s","tool":"t","expect":"allow"}""", count)) + "]";
        static string Headers(int count) => "{" + string.Join(",", Enumerable.Range(0, count).Select(i => $"\"X-{i}\":\"v\"")) + "}";
        foreach (var (path, make, most) in new (string, Func<int, string>, int)[] { ("spec.rules", Rules, 1000), ("spec.tests", Tests, 1000), ("spec.rules.5.obligations.headers", Headers, 16) })
        {
            var whole = path == "spec.rules" ? "spec" : path;
            string Said(int count) => whole == path ? Documents.With("Policy", path, make(count)) : Documents.With("Policy", "spec", $$"""{"rules":{{make(count)}}}""");
            Assert.NotNull(Read(Said(most)));
            var error = Assert.Single(Documents.Read(Said(most + 1)).Errors);
            Assert.Equal("too_many", error.Code);
            Assert.Contains(most.ToString(System.Globalization.CultureInfo.InvariantCulture), error.Message, StringComparison.Ordinal);
        }
    }

    private static Document Read(string json)
    {
        var reading = Documents.Read(json);
        Assert.Empty(reading.Errors);
        return Assert.IsType<Document>(reading.Document, exactMatch: false);
    }

    private static string Joined(IEnumerable<string> texts) => string.Join(',', texts);

    private static string PathOf(string path) => System.Text.RegularExpressions.Regex.Replace(path, @"\.(\d+)", "[$1]");
}
