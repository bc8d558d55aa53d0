using System.Net;
using System.Text.RegularExpressions;

namespace Symbolon.ConformanceTests;

/// <summary>What the console shows of policies, and how one is written, changed, taken back and ended there.</summary>
[Trait("area", "console")]
public sealed partial class DesignPolicyPageTests
{
    private const string Refunds = """
        # a comment
        apiVersion: symbolon/v1
        kind: Policy
        metadata: { name: refunds }
        spec:
          default: deny
          rules:
            - name: large
              servers: ["*"]
              labels: { env: prod }
              tools: [change, drop]
              subjects: [alice@example.com]
              agents: ["*"]
              when: tool.name == "change"
              decision: deny
              message: Ask <b>finance</b>.
              mode: observe
            - { name: slow, servers: [shop], limit: 60/minute, burst: 5, per: [token, tool] }
            - { name: hide, servers: ["*"], obligations: { redact: [ssn], headers: { X-Reason: refund } } }
        """;

    [Fact]
    public async Task A_policy_is_written_planned_and_applied_and_its_page_says_each_rule_in_words()
    {
        await using var stage = await TokenStage.StartAsync();
        Assert.Contains("No policy yet", await stage.PageAsync("/policies"), StringComparison.Ordinal);
        var page = await stage.PageAsync("/new-policy");
        Assert.Contains("mode: observe", page, StringComparison.Ordinal);

        var planned = await SendAsync(stage, "/new-policy", page, Refunds, "plan", HttpStatusCode.OK);
        Assert.Contains("A new policy.", planned, StringComparison.Ordinal);
        Assert.Contains("# a comment", planned, StringComparison.Ordinal);
        Assert.Empty((await stage.ApiAsync(HttpMethod.Get, "/policies")).AsArray());
        await SendAsync(stage, "/new-policy", planned, Refunds, "apply", HttpStatusCode.SeeOther);

        page = await stage.PageAsync("/policies/refunds");
        var plain = Plain(page);
        Assert.Contains("Policy refunds decides from now on", plain, StringComparison.Ordinal);
        Assert.Contains("What no rule of any policy matches is denied.", plain, StringComparison.Ordinal);
        Assert.Contains("Denies “Ask <b>finance</b>.”", plain, StringComparison.Ordinal);
        Assert.Contains("tool change, drop on any server with env=prod", plain, StringComparison.Ordinal);
        Assert.Contains("person alice@example.com, any agent", plain, StringComparison.Ordinal);
        Assert.Contains("only observes", plain, StringComparison.Ordinal);
        Assert.Contains("60 a minute, 5 at once for each token and tool", plain, StringComparison.Ordinal);
        Assert.Contains("redacts ssn sends X-Reason: refund", plain, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>finance", page, StringComparison.Ordinal);
        var list = Plain(await stage.PageAsync("/policies"));
        Assert.Contains("refunds Active denied 3 1 –", list, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_stands_beside_its_line_and_the_text_stays()
    {
        await using var stage = await TokenStage.StartAsync();
        var page = await stage.PageAsync("/new-policy");
        const string wrong = "apiVersion: symbolon/v1\nkind: Policy\nmetadata: { name: Refunds }\nspec:\n  rules:\n    - { name: a, servers: [shop], decision: require_approval }\n    - { name: a, servers: [], decision: deny }\n";
        var answer = await SendAsync(stage, "/new-policy", page, wrong, "apply", HttpStatusCode.UnprocessableEntity);
        var plain = Plain(answer);
        Assert.Contains("4 things are wrong", plain, StringComparison.Ordinal);
        Assert.Contains("3 metadata: { name: Refunds } Line 3, column 13: metadata.name must be", plain, StringComparison.Ordinal);
        Assert.Contains("Line 6, column 35: spec.rules[0].decision: require_approval is not supported yet", plain, StringComparison.Ordinal);
        Assert.Contains("Line 7, column 9: spec.rules[1].name is the name of a rule before it", plain, StringComparison.Ordinal);
        Assert.Contains("Line 7, column 18: spec.rules[1].servers must name at least one server", plain, StringComparison.Ordinal);
        Assert.Contains(WebUtility.HtmlEncode(wrong.Split('\n')[5]), answer.Replace("&#x27;", "&#39;", StringComparison.Ordinal), StringComparison.Ordinal);

        Assert.Contains("Line 2, column", Plain(await SendAsync(stage, "/new-policy", page, "kind: Policy\n  broken: [", "plan", HttpStatusCode.UnprocessableEntity)), StringComparison.Ordinal);
        Assert.Contains("kind must be Policy", Plain(await SendAsync(stage, "/new-policy", page, "apiVersion: symbolon/v1\nkind: Agent\nmetadata: { name: a, owner: a@example.com }\n", "apply", HttpStatusCode.UnprocessableEntity)), StringComparison.Ordinal);
        Assert.Contains("several documents", Plain(await SendAsync(stage, "/new-policy", page, "a: 1\n---\nb: 2\n", "apply", HttpStatusCode.UnprocessableEntity)), StringComparison.Ordinal);
        Assert.Contains("no policy in it", Plain(await SendAsync(stage, "/new-policy", page, "# nothing", "apply", HttpStatusCode.UnprocessableEntity)), StringComparison.Ordinal);
        Assert.Empty((await stage.ApiAsync(HttpMethod.Get, "/policies")).AsArray());
    }

    [Fact]
    public async Task A_change_shows_what_it_changes_is_refused_where_somebody_was_faster_and_goes_back()
    {
        await using var stage = await TokenStage.StartAsync();
        await SendAsync(stage, "/new-policy", await stage.PageAsync("/new-policy"), Refunds, "apply", HttpStatusCode.SeeOther);
        var editor = await stage.PageAsync("/policies/refunds?view=file");
        var text = WebUtility.HtmlDecode(Text().Match(editor).Groups[1].Value).TrimStart('\n');
        Assert.Contains("when: \"tool.name == \\\"change\\\"\"", text, StringComparison.Ordinal);
        Assert.Contains("Nothing: the policy says that already.", Plain(await SendAsync(stage, "/policies/refunds/file", editor, text, "plan", HttpStatusCode.OK)), StringComparison.Ordinal);

        var changed = text.Replace("60/minute", "30/minute", StringComparison.Ordinal);
        Assert.Contains("spec.rules[slow].limit 60/minute 30/minute", Plain(await SendAsync(stage, "/policies/refunds/file", editor, changed, "plan", HttpStatusCode.OK)), StringComparison.Ordinal);
        await SendAsync(stage, "/policies/refunds/file", editor, changed, "apply", HttpStatusCode.SeeOther);
        Assert.Contains("changed by somebody after you opened this page", Plain(await SendAsync(stage, "/policies/refunds/file", editor, text, "apply", HttpStatusCode.PreconditionFailed)), StringComparison.Ordinal);
        Assert.Equal("30/minute", (string?)(await stage.ApiAsync(HttpMethod.Get, "/policies/refunds"))["rules"]![1]!["limit"]);

        // One page changes one policy.
        var fresh = await stage.PageAsync("/policies/refunds?view=file");
        Assert.Contains("metadata.name must be refunds", Plain(await SendAsync(stage, "/policies/refunds/file", fresh, changed.Replace("name: refunds", "name: others", StringComparison.Ordinal), "apply", HttpStatusCode.UnprocessableEntity)), StringComparison.Ordinal);
        Assert.Contains("There is a policy refunds already.", Plain(await SendAsync(stage, "/new-policy", fresh, changed, "apply", HttpStatusCode.Conflict)), StringComparison.Ordinal);

        var history = await stage.PageAsync("/policies/refunds?view=history&since=1");
        Assert.Contains("spec.rules[slow].limit 60/minute 30/minute", Plain(history), StringComparison.Ordinal);
        using (var back = await stage.Browser.PostAsync("/policies/refunds/rollback", history, ("to", "1"), ("reason", "too slow")))
            Assert.Equal(HttpStatusCode.SeeOther, back.StatusCode);
        Assert.Contains("refunds is back at version 1", Plain(await stage.PageAsync("/policies/refunds?view=history")), StringComparison.Ordinal);
        Assert.Equal("60/minute", (string?)(await stage.ApiAsync(HttpMethod.Get, "/policies/refunds"))["rules"]![1]!["limit"]);
    }

    [Fact]
    public async Task A_policy_is_retired_by_its_typed_name_and_is_not_changed_then()
    {
        await using var stage = await TokenStage.StartAsync();
        await SendAsync(stage, "/new-policy", await stage.PageAsync("/new-policy"), Refunds, "apply", HttpStatusCode.SeeOther);
        var page = await stage.PageAsync("/policies/refunds");
        using (var refused = await stage.Browser.PostAsync("/policies/refunds/retire", page, ("version", "1"), ("confirm", "refund")))
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        using (var retired = await stage.Browser.PostAsync("/policies/refunds/retire", page, ("version", "1"), ("confirm", "refunds"), ("reason", "Not ours.")))
            Assert.Equal(HttpStatusCode.SeeOther, retired.StatusCode);
        var after = await stage.PageAsync("/policies/refunds");
        Assert.Contains("Retired by admin-token", Plain(after), StringComparison.Ordinal);
        Assert.DoesNotContain("Retire this policy", after, StringComparison.Ordinal);
        Assert.DoesNotContain("value=\"apply\"", await stage.PageAsync("/policies/refunds?view=file"), StringComparison.Ordinal);
        using var missing = await stage.Browser.GetAsync("/policies/nobody");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Fact]
    public async Task The_page_that_tries_a_call_says_what_decides_it_and_links_to_the_rule()
    {
        await using var stage = await TokenStage.StartAsync();
        const string text = """
            apiVersion: symbolon/v1
            kind: Policy
            metadata: { name: changes }
            spec:
              rules:
                - { name: by-hand, servers: [shop], tools: [change], when: has(args.force) && args.force == true, decision: deny, message: "Ask <i>ops</i>." }
                - { name: slow, servers: ["*"], tools: ["*"], quota: 10/day, per: agent }
              tests:
                - { server: shop, tool: change, args: { force: true }, expect: deny, rule: by-hand }
                - { server: shop, tool: look, subject: { user: alice@example.com, groups: [ops] }, expect: allow }
            """;
        await SendAsync(stage, "/new-policy", await stage.PageAsync("/new-policy"), text, "apply", HttpStatusCode.SeeOther);
        Assert.Contains("Passes", Plain(await stage.PageAsync("/policies/changes?view=tests")), StringComparison.Ordinal);

        var page = await stage.PageAsync("/simulate?server=shop&name=change");
        Assert.Contains("value=\"shop\"", page, StringComparison.Ordinal);
        var denied = await TryAsync("""{"force": true}""", HttpStatusCode.OK);
        var plain = Plain(denied);
        Assert.Contains("Denied denied_by_policy", plain, StringComparison.Ordinal);
        Assert.Contains("changes/by-hand denies it, and tells the caller: Ask <i>ops</i>.", plain, StringComparison.Ordinal);
        Assert.Contains("href=\"/policies/changes#by-hand\"", denied, StringComparison.Ordinal);
        Assert.DoesNotContain("<i>ops", denied, StringComparison.Ordinal);
        plain = Plain(await TryAsync("{}", HttpStatusCode.OK));
        Assert.Contains("Allowed No rule denies it. Still to be met: changes/slow 10 a day, UTC for each agent", plain, StringComparison.Ordinal);
        Assert.Contains("changes/by-hand no denies", plain, StringComparison.Ordinal);

        Assert.Contains("The arguments are one JSON object", Plain(await TryAsync("""{"a":1,"a":2}""", HttpStatusCode.UnprocessableEntity)), StringComparison.Ordinal);
        Assert.Contains("There is no tool nobody", Plain(await TryAsync("", HttpStatusCode.NotFound, "nobody")), StringComparison.Ordinal);

        async Task<string> TryAsync(string args, HttpStatusCode expected, string name = "change")
        {
            using var answer = await stage.Browser.PostAsync("/simulate", page, ("server", "shop"), ("kind", "tool"), ("name", name), ("args", args), ("agent", "bot"));
            var said = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True(answer.StatusCode == expected, $"{(int)answer.StatusCode}: {Plain(said)}");
            return said;
        }
    }

    private static async Task<string> SendAsync(TokenStage stage, string path, string page, string text, string action, HttpStatusCode expected)
    {
        var version = Version().Match(page) is { Success: true } found ? found.Groups[1].Value : "";
        using var answer = await stage.Browser.PostAsync(path, page, ("version", version), ("text", text.ReplaceLineEndings("\r\n")), ("do", action));
        var said = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == expected, $"{(int)answer.StatusCode}: {Plain(said)}");
        return said;
    }

    private static string Plain(string page) => WebUtility.HtmlDecode(Spaces().Replace(Tags().Replace(page[Math.Max(0, page.IndexOf("<main", StringComparison.Ordinal))..], " "), " "));

    [GeneratedRegex("<textarea[^>]*name=\"text\"[^>]*>([^<]*)</textarea>")]
    private static partial Regex Text();

    [GeneratedRegex("name=\"version\" value=\"(\\d+)\"")]
    private static partial Regex Version();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
