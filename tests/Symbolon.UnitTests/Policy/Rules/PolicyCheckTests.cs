using Symbolon.Core.Policy.Rules;

namespace Symbolon.UnitTests.Policy.Rules;

/// <summary>What is told when a policy is saved.</summary>
[Trait("area", "policy")]
public sealed class PolicyCheckTests
{
    [Theory]
    [InlineData("""{"name":"r","servers":["nowhere"],"decision":"deny"}""", "spec.rules[0].servers[0]", "There is no server nowhere.")]
    [InlineData("""{"name":"r","servers":["payments"],"tools":["refnd"],"decision":"deny"}""", "spec.rules[0].tools[0]", "None of the servers of this rule has a tool refnd.")]
    [InlineData("""{"name":"r","servers":["payments"],"tools":["refund"],"when":"args.amuont > 100","decision":"deny"}""", "spec.rules[0].when", "there is no member 'amuont'; is 'amount' meant?")]
    [InlineData("""{"name":"r","servers":["payments"],"tools":["refund"],"when":"args.amount > 'x'","decision":"deny"}""", "spec.rules[0].when", "found no matching overload for '_>_' applied to '(double, string)'")]
    [InlineData("""{"name":"r","servers":["payments"],"tools":["refund"],"when":"args.amount","decision":"deny"}""", "spec.rules[0].when", "must be true or false; it is a double")]
    [InlineData("""{"name":"r","servers":["payments"],"tools":["refund"],"when":"args.amount >","decision":"deny"}""", "spec.rules[0].when", "the end is not expected here")]
    [InlineData("""{"name":"r","servers":["payments"],"tools":["refund"],"when":"subjekt.user == 'a'","decision":"deny"}""", "spec.rules[0].when", "undeclared reference to 'subjekt'")]
    [InlineData("""{"name":"r","servers":["payments"],"tools":["refund"],"when":"subject.grups == []","decision":"deny"}""", "spec.rules[0].when", "is 'groups' meant?")]
    [InlineData("""{"name":"r","servers":["payments"],"tools":["refund"],"when":"args.currency == 'EURO'","decision":"deny"}""", "spec.rules[0].when", "can never be true: 'args.currency' is one of 'EUR', 'USD', and never 'EURO'")]
    [InlineData("""{"name":"r","servers":["payments"],"tools":["refund"],"when":"args.amount < 0","decision":"deny"}""", "spec.rules[0].when", "can never be true")]
    [InlineData("""{"name":"r","servers":["payments"],"tools":["refund"],"when":"args.amount > 100 && args.amount < 50","decision":"deny"}""", "spec.rules[0].when", "can never be true")]
    [InlineData("""{"name":"r","servers":["payments"],"tools":["refund"],"when":"args.note == 'a' && args.note == 'b'","decision":"deny"}""", "spec.rules[0].when", "two values at once")]
    [InlineData("""{"name":"r","servers":["*"],"when":"tool.name == 'refnd'","tools":["*"],"decision":"deny"}""", "spec.rules[0].when", "can never be true")]
    [InlineData("""{"name":"r","servers":["payments"],"tools":["refund"],"when":"false","decision":"deny"}""", "spec.rules[0].when", "never true")]
    [InlineData("""{"name":"r","servers":["payments"],"tools":["refund"],"when":"args.note.matches('a(?=b)')","decision":"deny"}""", "spec.rules[0].when", "no regular expression")]
    [InlineData("""{"name":"r","servers":["payments"],"tools":["refund"],"total":{"of":"args.note","most":"10/day"}}""", "spec.rules[0].total.of", "must be a number")]
    [InlineData("""{"name":"r","servers":["payments"],"when":"'sensitve' in session.flags","decision":"deny"}""", "spec.rules[0].when", "'sensitve' is never in it: it has only sensitive, executes, open-world, financial")]
    [InlineData("""{"name":"r","servers":["payments"],"tools":["balance"],"effects":["irreversible"],"decision":"deny"}""", "spec.rules[0]", "its servers have no such tool with these effects")]
    [InlineData("""{"name":"r","servers":["payments"],"labels":{"env":"prdo"},"decision":"deny"}""", "spec.rules[0]", "its servers have nothing with these labels")]
    [InlineData("""{"name":"r","servers":["notes"],"obligations":{"headers":{"X-Team":"a"}}}""", "spec.rules[0].obligations.headers", "can be sent to no server of this rule")]
    public void A_rule_that_cannot_do_what_it_says_is_refused_with_its_place_and_reason(string rule, string path, string message)
    {
        var error = Assert.Single(PolicyCheck.In(RuleStage.Policy($"\"rules\":[{rule}]"), RuleStage.Manifests, ""));
        Assert.Equal(path, error.Path);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"name":"r","servers":["*"],"tools":["*"],"when":"has(args.amount) && args.amount > 100","decision":"deny"}""")]
    [InlineData("""{"name":"r","servers":["*"],"labels":{"env":"another"},"decision":"deny"}""")]
    [InlineData("""{"name":"r","servers":["payments"],"when":"'sensitive' in session.flags","decision":"deny"}""")]
    [InlineData("""{"name":"r","servers":["*"],"when":"'finance' in subject.groups","decision":"deny"}""")]
    [InlineData("""{"name":"r","servers":["*"],"tools":["refund"],"when":"tool.name == 'refund'","decision":"deny"}""")]
    [InlineData("""{"name":"r","servers":["payments"],"tools":["refund"],"when":"args.currency in ['EUR', 'GBP']","decision":"deny"}""")]
    public void A_rule_that_may_be_true_for_one_of_its_tools_is_taken(string rule) => Assert.Empty(PolicyCheck.In(RuleStage.Policy($"\"rules\":[{rule}]"), RuleStage.Manifests, ""));

    [Theory]
    [InlineData("""{"name":"a","servers":["payments"],"tools":["refund"],"decision":"allow"}""", """{"name":"d","servers":["payments"],"tools":["refund"],"decision":"deny"}""", true)]
    [InlineData("""{"name":"a","servers":["payments"],"tools":["refund"],"when":"args.amount > 5","decision":"allow"}""", """{"name":"d","servers":["*"],"decision":"deny"}""", true)]
    [InlineData("""{"name":"a","servers":["payments"],"tools":["refund"],"when":"args.amount > 5","limit":"5/minute"}""", """{"name":"d","servers":["payments"],"tools":["*"],"when":"args.amount > 5","decision":"deny"}""", true)]
    [InlineData("""{"name":"a","servers":["payments"],"resources":["file:///a/*"],"agents":["bot"],"decision":"allow"}""", """{"name":"d","servers":["payments"],"resources":["file:///a/*","file:///b"],"agents":["*"],"decision":"deny"}""", true)]
    [InlineData("""{"name":"a","servers":["payments"],"tools":["refund"],"decision":"allow"}""", """{"name":"d","servers":["payments"],"tools":["refund"],"when":"args.amount > 5","decision":"deny"}""", false)]
    [InlineData("""{"name":"a","servers":["payments"],"tools":["refund"],"decision":"allow"}""", """{"name":"d","servers":["payments"],"tools":["refund"],"agents":["*"],"decision":"deny"}""", false)]
    [InlineData("""{"name":"a","servers":["payments"],"tools":["refund"],"decision":"allow"}""", """{"name":"d","servers":["payments"],"tools":["refund"],"decision":"deny","mode":"observe"}""", false)]
    [InlineData("""{"name":"a","servers":["payments"],"tools":["refund"],"decision":"allow","mode":"observe"}""", """{"name":"d","servers":["payments"],"tools":["refund"],"decision":"deny"}""", false)]
    [InlineData("""{"name":"a","servers":["payments"],"tools":["refund","balance"],"decision":"allow"}""", """{"name":"d","servers":["payments"],"tools":["refund"],"decision":"deny"}""", false)]
    [InlineData("""{"name":"a","servers":["payments"],"decision":"allow"}""", """{"name":"d","servers":["payments"],"tools":["*"],"decision":"deny"}""", false)]
    [InlineData("""{"name":"a","servers":["payments"],"prompts":["*"],"decision":"allow"}""", """{"name":"d","servers":["payments"],"prompts":["review"],"decision":"deny"}""", false)]
    public void A_rule_that_another_of_its_policy_denies_whatever_comes_is_refused(string rule, string other, bool contradicts)
    {
        var errors = PolicyCheck.In(RuleStage.Policy($"\"rules\":[{rule},{other}]"), RuleStage.Manifests, "").ToList();
        Assert.Equal(contradicts ? ["spec.rules[0]: spec.rules[0] can never come to pass: the rule d of this policy denies every call that it is about, and deny wins."] : [], errors.Select(error => $"{error.Path}: {error.Message}"));
    }

    [Theory]
    [InlineData("""{"server":"payments","tool":"refund","args":{"amount":250},"expect":"deny","rule":"r"}""", null)]
    [InlineData("""{"server":"payments","tool":"refund","args":{"amount":50},"expect":"allow"}""", null)]
    [InlineData("""{"server":"payments","tool":"refund","args":{},"expect":"error"}""", null)]
    [InlineData("""{"server":"payments","tool":"refund","args":{"amount":50},"expect":"deny"}""", "The test fails: payments/refund: expected deny, got allow")]
    [InlineData("""{"server":"payments","tool":"refund","args":{"amount":"x"},"expect":"deny"}""", "got error by p/r (no such overload: 'amount' is not of the type double that is declared)")]
    [InlineData("""{"server":"payments","tool":"nothing","expect":"deny"}""", "there is no such server or tool here")]
    public void Tests_are_run_and_those_that_fail_are_told(string test, string? message)
    {
        var policy = RuleStage.Policy($$"""
            "rules":[{"name":"r","servers":["payments"],"tools":["refund"],"when":"args.amount > 100","decision":"deny","mode":"observe"}],"tests":[{{test}}]
            """);
        var errors = PolicyCheck.In(policy, RuleStage.Manifests, "").ToList();
        if (message is null) Assert.Empty(errors);
        else Assert.Contains(message, Assert.Single(errors).Message, StringComparison.Ordinal);
    }
}
