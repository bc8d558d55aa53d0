using Symbolon.Core.Policy.Rules;

namespace Symbolon.UnitTests.Policy.Rules;

/// <summary>A list shows a tool if some arguments could be permitted, by the engine that decides calls.</summary>
[Trait("area", "policy")]
public sealed class ListAgreementTests
{
    private const int Cases = 10_000;
    private const int Seed = 20261123;

    private static readonly string[] Conditions =
    [
        "args.amount > 10", "args.amount <= 10", "args.amount == 5", "args.currency == 'EUR'", "args.currency != 'EUR'", "has(args.currency)", "!has(args.note)", "args.force", "!args.force",
        "'sensitive' in session.flags", "subject.user == 'alice@example.com'", "actor.agent == ''", "tool.effect == 'write'", "'a' in args.tags", "args.note.startsWith('x')", "grant.name == 'bots'", "true",
    ];

    private static readonly string[] Arguments =
    [
        """{"amount":5}""", """{"amount":50}""", """{"amount":5,"currency":"EUR"}""", """{"amount":50,"currency":"USD","force":true}""", """{"amount":5,"currency":"EUR","force":false,"tags":["a"],"note":"x"}""",
        """{"amount":10,"currency":"USD","force":true,"tags":[],"note":"y"}""", """{"amount":"5"}""", "{}",
    ];

    [Fact]
    public void What_a_list_hides_no_call_gets_and_what_a_call_gets_a_list_shows()
    {
        var random = new Random(Seed);
        var (hidden, shown, permitted) = (0, 0, 0);
        for (var i = 0; i < Cases; i++)
        {
            var spec = $"\"default\":\"{(random.Next(3) == 0 ? "deny" : "allow")}\",\"rules\":[{string.Join(',', Enumerable.Range(0, random.Next(1, 5)).Select(number => Rule(random, number)))}]";
            var (what, who, flags) = (random.Next(2) == 0 ? "payments/refund" : "payments/balance", random.Next(2) == 0 ? "alice+bot" : "bob", random.Next(2) == 0 ? new[] { "sensitive" } : []);
            var rules = TargetRules.Of(RuleStage.Target(what, out _), [RuleStage.Policy(spec)]);
            var grant = random.Next(2) == 0 ? "bots" : "people";
            var isShown = rules.MayPermit(Call(null));
            var allowed = Arguments.Where(arguments => !rules.Decide(Call(arguments)).IsRefused).ToList();
            Assert.True(isShown || allowed.Count == 0, $"{spec}\n{what} by {who}: hidden, and called with {allowed.FirstOrDefault()}");
            if (!isShown) hidden++;
            else shown++;
            if (allowed.Count > 0) permitted++;

            RuleCall Call(string? arguments)
            {
                var call = RuleStage.Call(what, who, arguments, flags);
                call.Grant = grant;
                return call;
            }
        }
        // The cases are of every kind, and most of what is shown can be called with one of the eight arguments.
        Assert.True(hidden > Cases / 10 && shown > Cases / 10, $"{hidden} hidden, {shown} shown");
        Assert.True(permitted > shown * 3 / 4, $"{permitted} of {shown} that are shown could be called");
    }

    private static string Rule(Random random, int number)
    {
        var condition = Condition(random, 2);
        return $$"""{"name":"r{{number}}","servers":["payments"],"tools":["refund"{{(random.Next(2) == 0 ? ",\"balance\"" : "")}}],"when":{{System.Text.Json.JsonSerializer.Serialize(condition)}},"decision":"{{(random.Next(2) == 0 ? "deny" : "allow")}}"}""";
    }

    private static string Condition(Random random, int depth) => depth == 0 || random.Next(2) == 0 ? Conditions[random.Next(Conditions.Length)]
        : random.Next(4) switch
        {
            0 => $"({Condition(random, depth - 1)}) || ({Condition(random, depth - 1)})",
            1 => $"!({Condition(random, depth - 1)})",
            2 => $"({Condition(random, depth - 1)}) ? ({Condition(random, depth - 1)}) : ({Condition(random, depth - 1)})",
            _ => $"({Condition(random, depth - 1)}) && ({Condition(random, depth - 1)})",
        };
}
