using Symbolon.Core.Policy.Rules;

namespace Symbolon.UnitTests.Policy.Rules;

/// <summary>Rules of every form: the rules of a policy <c>p</c>, who calls, what, with which arguments, and the decision with its rule.</summary>
[Trait("area", "policy")]
public sealed class RuleTableTests
{
    private const string Large = """{"name":"r","servers":["payments"],"tools":["refund"],"when":"args.amount > 100","decision":"deny"}""";
    private const string Finance = """{"name":"r","servers":["payments"],"tools":["refund"],"when":"args.amount > 100 && !('finance' in subject.groups)","decision":"deny"}""";

    private const string Secret = """{"name":"r","servers":["*"],"resources":["file:///my_secret/**","https://h/secret/*"],"decision":"deny"}""";

    private const string Table = $$$"""
        {{{Large}}} | alice | payments/refund | {"amount":250} | deny p/r
        {{{Large}}} | alice | payments/refund | {"amount":100} | allow
        {{{Large}}} | alice | payments/refund | {"amount":100.5} | deny p/r
        {{{Large}}} | alice | payments/refund | {"amount":1e2} | allow
        {{{Large}}} | alice | payments/refund | {"amount":9007199254740993} | deny p/r
        {{{Large}}} | alice | payments/refund | {"amount":-0} | allow
        {{{Large}}} | alice | payments/refund | {"amount":1e400} | error p/r
        {{{Large}}} | alice | payments/refund | {"amount":100.00000000000000001} | error p/r
        {{{Large}}} | alice | payments/refund | {"amount":"250"} | error p/r
        {{{Large}}} | alice | payments/refund | {"amount":null} | error p/r
        {{{Large}}} | alice | payments/refund | {"amount":[250]} | error p/r
        {{{Large}}} | alice | payments/refund | {} | error p/r
        {{{Large}}} | alice | payments/refund | {"amount":1,"amount":250} | error p/r
        {{{Large}}} | alice | payments/refund | {"\u0061mount":250} | deny p/r
        {{{Large}}} | alice | payments/balance | {} | allow
        {{{Large}}} | alice | files/read | {} | allow
        {{{Finance}}} | alice{finance} | payments/refund | {"amount":250} | allow
        {{{Finance}}} | alice{ops} | payments/refund | {"amount":250} | deny p/r
        {"name":"r","servers":["*"],"effects":["irreversible"],"decision":"deny"} | alice | payments/wipe | {} | deny p/r
        {"name":"r","servers":["*"],"effects":["irreversible"],"decision":"deny"} | alice | payments/refund | {"amount":1} | allow
        {"name":"r","servers":["*"],"effects":["irreversible"],"decision":"deny"} | alice | payments/prompt:greet | {} | allow
        {"name":"r","servers":["*"],"labels":{"env":"prod"},"decision":"deny"} | alice | payments/balance | {} | deny p/r
        {"name":"r","servers":["*"],"labels":{"env":"prod"},"decision":"deny"} | alice | files/read | {} | allow
        {"name":"r","servers":["*"],"decision":"deny"} | alice | payments/prompt:greet | {} | deny p/r
        {"name":"r","servers":["*"],"decision":"deny"} | alice | files/resource:file:///a | {} | deny p/r
        {"name":"r","servers":["*"],"prompts":["greet"],"decision":"deny"} | alice | payments/prompt:greet | {} | deny p/r
        {"name":"r","servers":["*"],"prompts":["greet"],"decision":"deny"} | alice | payments/prompt:other | {} | allow
        {"name":"r","servers":["*"],"prompts":["greet"],"decision":"deny"} | alice | payments/balance | {} | allow
        {"name":"r","servers":["*"],"prompts":["greet"],"when":"args.name == 'x'","decision":"deny"} | alice | payments/prompt:greet | {"name":"x"} | deny p/r
        {"name":"r","servers":["*"],"prompts":["*"],"when":"prompt.name.startsWith('gr')","decision":"deny"} | alice | payments/prompt:greet | {} | deny p/r
        {"name":"r","servers":["*"],"resources":["file:///secret/*"],"decision":"deny"} | alice | files/resource:file:///secret/a | {} | deny p/r
        {"name":"r","servers":["*"],"resources":["file:///secret/*"],"decision":"deny"} | alice | files/resource:file:///open/a | {} | allow
        {{{Secret}}} | alice | files/resource:FILE:///my_secret/x | {} | deny p/r
        {{{Secret}}} | alice | files/resource:file:/my_secret/x | {} | deny p/r
        {{{Secret}}} | alice | files/resource:file://localhost/my_secret/x | {} | deny p/r
        {{{Secret}}} | alice | files/resource:file://127.0.0.1/my_secret/x | {} | deny p/r
        {{{Secret}}} | alice | files/resource:file:///my%5Fsecret/x | {} | deny p/r
        {{{Secret}}} | alice | files/resource:file:///my%255Fsecret/x | {} | deny p/r
        {{{Secret}}} | alice | files/resource:file:///my_secret//x | {} | deny p/r
        {{{Secret}}} | alice | files/resource:file:////my_secret/x | {} | deny p/r
        {{{Secret}}} | alice | files/resource:file:///MY_SECRET/x | {} | deny p/r
        {{{Secret}}} | alice | files/resource:file:///a/../my_secret/x | {} | deny p/r
        {{{Secret}}} | alice | files/resource:file:///my_secret | {} | deny p/r
        {{{Secret}}} | alice | files/resource:file:///my_secret/x?y=1 | {} | deny p/r
        {{{Secret}}} | alice | files/resource:file:///my_secret%2Fx | {} | deny p/r
        {{{Secret}}} | alice | files/resource:file:///my_secret\x | {} | deny p/r
        {{{Secret}}} | alice | files/resource:https://h:443/secret/x | {} | deny p/r
        {{{Secret}}} | alice | files/resource:https://H/secret/x | {} | deny p/r
        {{{Secret}}} | alice | files/resource:https://u@h/secret/x | {} | deny p/r
        {{{Secret}}} | alice | files/resource:https://h./secret/x | {} | deny p/r
        {{{Secret}}} | alice | files/resource:https://h/secret;a/x | {} | deny p/r
        {{{Secret}}} | alice | files/resource:https://h/secret/?x | {} | deny p/r
        {{{Secret}}} | alice | files/resource:https://h/ｓecret/x | {} | deny p/r
        {{{Secret}}} | alice | files/resource:file:///my_secrets/x | {} | allow
        {{{Secret}}} | alice | files/resource:file:///other/my_secret | {} | allow
        {{{Secret}}} | alice | files/resource:https://h/secrets/x | {} | allow
        {{{Secret}}} | alice | files/resource:https://h:8443/secret/x | {} | allow
        {{{Secret}}} | alice | files/resource:https://other/secret/x | {} | allow
        {{{Secret}}} | alice | files/resource:http://h/secret/x | {} | allow
        {{{Secret}}} | alice | files/resource:https://h/secret/a/b | {} | allow
        {"name":"r","servers":["payments"],"tools":["refund"],"when":"args.?force.orValue(false) == true","decision":"deny"} | alice | payments/refund | {"force":"true"} | error p/r
        {"name":"r","servers":["payments"],"tools":["refund"],"when":"args.?force.orValue(false) == true","decision":"deny"} | alice | payments/refund | {"force":true} | deny p/r
        {"name":"r","servers":["payments"],"tools":["refund"],"when":"args.?force.orValue(false) == true","decision":"deny"} | alice | payments/refund | {} | allow
        {"name":"r","servers":["payments"],"tools":["refund"],"when":"args[?'force'].orValue(false) == true","decision":"deny"} | alice | payments/refund | {"force":"true"} | error p/r
        {"name":"r","servers":["payments"],"tools":["refund"],"when":"['force'].exists(k, k in args && args[k] == true)","decision":"deny"} | alice | payments/refund | {"force":"true"} | error p/r
        {"name":"r","servers":["payments"],"tools":["refund"],"when":"['force'].exists(k, k in args && args[k] == true)","decision":"deny"} | alice | payments/refund | {"force":true} | deny p/r
        {"name":"r","servers":["payments"],"tools":["refund"],"when":"has(args.maybe) && args.maybe == true","decision":"deny"} | alice | payments/refund | {"maybe":"true"} | error p/r
        {"name":"r","servers":["payments"],"tools":["refund"],"when":"has(args.maybe) && args.maybe == true","decision":"deny"} | alice | payments/refund | {"maybe":null} | allow
        {"name":"r","servers":["payments"],"tools":["refund"],"when":"has(args.maybe) && args.maybe == true","decision":"deny"} | alice | payments/refund | {"maybe":true} | deny p/r
        {"name":"r","servers":["payments"],"tools":["refund"],"when":"has(args.either) && args.either == true","decision":"deny"} | alice | payments/refund | {"either":"true"} | error p/r
        {"name":"r","servers":["payments"],"tools":["refund"],"when":"has(args.switches) && args.switches.?a.orValue(false)","decision":"deny"} | alice | payments/refund | {"switches":{"a":"true"}} | error p/r
        {"name":"r","servers":["payments"],"tools":["refund"],"when":"has(args.switches) && args.switches.a == true","decision":"deny"} | alice | payments/refund | {"switches":{"a":true}} | deny p/r
        {"name":"r","servers":["payments"],"tools":["refund"],"when":"has(args.alias) && args.alias == true","decision":"deny"} | alice | payments/refund | {"alias":"true"} | error p/r
        {"name":"r","servers":["*"],"prompts":["greet"],"when":"has(args.env) && args.env == 'prod'","decision":"deny"} | alice | payments/prompt:greet | {"env":["prod"]} | error p/r
        {"name":"r","servers":["*"],"resources":["*"],"when":"resource.uri.endsWith('.key')","decision":"deny"} | alice | files/resource:file:///a.key | {} | deny p/r
        {"name":"r","servers":["*"],"subjects":["alice@example.com"],"decision":"deny"} | alice | payments/balance | {} | deny p/r
        {"name":"r","servers":["*"],"subjects":["alice@example.com"],"decision":"deny"} | bob | payments/balance | {} | allow
        {"name":"r","servers":["*"],"subjects":["*"],"decision":"deny"} | +bot | payments/balance | {} | allow
        {"name":"r","servers":["*"],"subjects":["*"],"decision":"deny"} | bob+bot | payments/balance | {} | deny p/r
        {"name":"r","servers":["*"],"agents":["bot"],"decision":"deny"} | alice+bot | payments/balance | {} | deny p/r
        {"name":"r","servers":["*"],"agents":["bot"],"decision":"deny"} | alice | payments/balance | {} | allow
        {"name":"r","servers":["*"],"agents":["*"],"workflows":["ci"],"decision":"deny"} | alice+bot+ci | payments/balance | {} | deny p/r
        {"name":"r","servers":["*"],"agents":["*"],"workflows":["ci"],"decision":"deny"} | alice+bot | payments/balance | {} | allow
        {"name":"r","servers":["*"],"when":"actor.agent == ''","decision":"deny"} | alice | payments/balance | {} | deny p/r
        {"name":"r","servers":["*"],"tools":["*"],"when":"'financial' in tool.flags","decision":"deny"} | alice | payments/refund | {"amount":1} | deny p/r
        {"name":"r","servers":["*"],"tools":["*"],"when":"has(args.amount) && args.amount > 100","decision":"deny"} | alice | files/read | {"path":"a"} | allow
        {"name":"r","servers":["*"],"tools":["*"],"when":"args.amount > 100","decision":"deny"} | alice | files/read | {"path":"a"} | error p/r
        {"name":"r","servers":["*"],"when":"server.labels['env'] == 'prod' && server.owner == 'pay@example.com'","decision":"deny"} | alice | payments/balance | {} | deny p/r
        {"name":"r","servers":["*"],"when":"call.time.getDayOfWeek('UTC') == 1 && call.time.getHours() == 12","decision":"deny"} | alice | payments/balance | {} | deny p/r
        {"name":"r","servers":["*"],"when":"!cidr('10.0.0.0/8').containsIP(call.ip)","decision":"deny"} | alice | payments/balance | {} | allow
        {"name":"r","servers":["payments"],"tools":["refund"],"when":"args.note.matches('(?i)^urgent')","decision":"deny"} | alice | payments/refund | {"amount":1,"note":"URGENT now"} | deny p/r
        {"name":"r","servers":["payments"],"tools":["refund"],"when":"has(args.note) && args.note.size() > 3","decision":"deny"} | alice | payments/refund | {"amount":1,"note":"zażółć"} | deny p/r
        {"name":"r","servers":["payments"],"tools":["refund"],"when":"args.to.iban.startsWith('DE')","decision":"deny"} | alice | payments/refund | {"amount":1,"to":{"iban":"DE02"}} | deny p/r
        {"name":"r","servers":["payments"],"tools":["refund"],"when":"'vip' in args.tags","decision":"deny"} | alice | payments/refund | {"amount":1,"tags":["a","vip"]} | deny p/r
        {"name":"r","servers":["payments"],"tools":["refund"],"when":"'vip' in args.tags","decision":"deny"} | alice | payments/refund | {"amount":1,"tags":["a",["vip"]]} | error p/r
        {"name":"r","servers":["payments"],"tools":["refund"],"when":"args.currency == 'EUR'","decision":"deny"} | alice | payments/refund | {"amount":1,"currency":["EUR"]} | error p/r
        {"name":"r","servers":["payments"],"tools":["refund"],"when":"args.amount * 2.0 > 100.0","decision":"deny"} | alice | payments/refund | {"amount":51} | deny p/r
        {"name":"r","servers":["payments"],"tools":["refund"],"when":"args.count % 2 == 1","decision":"deny"} | alice | payments/refund | {"amount":1,"count":3} | deny p/r
        {"name":"r","servers":["payments"],"tools":["refund"],"when":"args.count % 2 == 1","decision":"deny"} | alice | payments/refund | {"amount":1,"count":3.0} | deny p/r
        {"name":"r","servers":["payments"],"tools":["refund"],"when":"args.count % 2 == 1","decision":"deny"} | alice | payments/refund | {"amount":1,"count":3.5} | error p/r
        {"name":"r","servers":["*"],"decision":"allow"} | alice | payments/balance | {} | allow p/r
        {"name":"a","servers":["*"],"decision":"allow"},{"name":"d","servers":["*"],"decision":"deny"} | alice | payments/balance | {} | deny p/d
        {"name":"d","servers":["*"],"decision":"deny"},{"name":"a","servers":["*"],"decision":"allow"} | alice | payments/balance | {} | deny p/d
        {"name":"a","servers":["payments"],"tools":["refund"],"when":"args.amount < 10","decision":"allow"} | alice | payments/refund | {"amount":"1"} | error p/a
        {"name":"o","servers":["*"],"decision":"deny","mode":"observe"} | alice | payments/balance | {} | allow (p/o:deny)
        {"name":"o","servers":["payments"],"tools":["refund"],"when":"args.amount > 1","decision":"deny","mode":"observe"} | alice | payments/refund | {} | allow (p/o:error)
        {"name":"d","servers":["*"],"decision":"deny"},{"name":"o","servers":["*"],"decision":"deny","mode":"observe"} | alice | payments/balance | {} | deny p/d (p/o:deny)
        {"name":"l","servers":["*"],"limit":"60/minute","per":"token"} | alice | payments/balance | {} | allow +p/l
        {"name":"l","servers":["payments"],"tools":["refund"],"when":"args.amount > 10","total":{"of":"args.amount","most":"1000/day"}} | alice | payments/refund | {"amount":5} | allow
        {"name":"h","servers":["*"],"obligations":{"redact":["ssn"]}} | alice | payments/balance | {} | allow +p/h
        {"name":"h","servers":["*"],"obligations":{"redact":["ssn"]}},{"name":"d","servers":["*"],"decision":"deny"} | alice | payments/balance | {} | deny p/d
        """;

    public static TheoryData<string, string, string, string, string> Cases => [.. Rows(Table)];

    [Theory, MemberData(nameof(Cases))]
    public void A_call_is_decided_by_the_rules_that_match(string rules, string who, string what, string arguments, string expected) =>
        Assert.Equal(expected, Decide($"\"rules\":[{rules}]", what, RuleStage.Call(what, who, arguments)));

    [Theory]
    [InlineData("""{"name":"a","servers":["payments"],"tools":["balance"],"decision":"allow"}""", "payments/balance", "{}", "allow p/a")]
    [InlineData("""{"name":"a","servers":["payments"],"tools":["balance"],"decision":"allow"}""", "payments/wipe", "{}", "deny p/default")]
    [InlineData("""{"name":"a","servers":["payments"],"tools":["refund"],"when":"args.amount < 10","decision":"allow"}""", "payments/refund", """{"amount":20}""", "deny p/default")]
    [InlineData("""{"name":"a","servers":["payments"],"decision":"allow","mode":"observe"}""", "payments/balance", "{}", "deny p/default (p/a:allow)")]
    [InlineData("""{"name":"a","servers":["payments"],"limit":"1/day"}""", "payments/balance", "{}", "deny p/default")]
    [InlineData("""{"name":"a","servers":["payments"],"decide":{"url":"https://opa.example.com/"}}""", "payments/balance", "{}", "allow +p/a")]
    public void What_no_rule_allows_is_denied_where_a_policy_says_so(string rules, string what, string arguments, string expected) =>
        Assert.Equal(expected, Decide($"\"default\":\"deny\",\"rules\":[{rules}]", what, RuleStage.Call(what, "alice", arguments)));

    [Fact]
    public void What_a_session_has_done_stops_what_it_does_next()
    {
        const string Rules = """ "rules":[{"name":"r","servers":["*"],"effects":["write"],"when":"'sensitive' in session.flags","decision":"deny"}] """;
        Assert.Equal("allow", Decide(Rules, "payments/refund", RuleStage.Call("payments/refund", "alice", """{"amount":1}""")));
        Assert.Equal("deny p/r", Decide(Rules, "payments/refund", RuleStage.Call("payments/refund", "alice", """{"amount":1}""", "sensitive")));
    }

    [Fact]
    public void An_allow_of_one_policy_lifts_the_default_of_another_and_no_deny()
    {
        var policies = new[] { RuleStage.Policy(""" "default":"deny" """, "a"), RuleStage.Policy(""" "rules":[{"name":"yes","servers":["payments"],"decision":"allow"}] """, "b"), RuleStage.Policy(""" "rules":[{"name":"no","servers":["payments"],"tools":["wipe"],"decision":"deny"}] """, "c") };
        Assert.Equal("allow b/yes", RuleStage.Shown(TargetRules.Of(RuleStage.Target("payments/balance", out _), policies).Decide(RuleStage.Call("payments/balance", "alice", "{}"))));
        Assert.Equal("deny c/no", RuleStage.Shown(TargetRules.Of(RuleStage.Target("payments/wipe", out _), policies).Decide(RuleStage.Call("payments/wipe", "alice", "{}"))));
    }

    private static string Decide(string spec, string what, RuleCall call) => RuleStage.Shown(TargetRules.Of(RuleStage.Target(what, out _), [RuleStage.Policy(spec)]).Decide(call));

    private static IEnumerable<TheoryDataRow<string, string, string, string, string>> Rows(string table) => table.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split(" | ")).Select(cells => new TheoryDataRow<string, string, string, string, string>(cells[0], cells[1], cells[2], cells[3], cells[4]));
}
