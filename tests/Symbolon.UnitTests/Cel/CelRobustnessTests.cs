using System.Globalization;
using System.Text;
using Symbolon.Cel;
using Symbolon.Cel.Evaluation;
using Symbolon.Cel.Json;
using Symbolon.Cel.Types;
using Symbolon.Cel.Values;

namespace Symbolon.UnitTests.Cel;

/// <summary>Expressions and data of any kind: an answer or an error, in bounded time.</summary>
[Trait("area", "cel")]
public sealed class CelRobustnessTests
{
    private const int Seed = 7;

    private static readonly string[] Parts =
    [
        "args", ".a", ".b", "[0]", "['k']", "(", ")", "[", "]", "{", "}", ",", ":", "?", "&&", "||", "!", "-", "+", "*", "/", "%", "==", "<", "in", "1", "2u", "3.5", "'x'", "b'y'", "true", "null",
        "size(", ".all(e, ", ".map(e, ", "has(args.a)", ".matches('a+')", "e", "cel.bind(t, ", "timestamp(", "\"\\u00e9\"", "\0", "é", "`", "'", "r'", "0x", "1e", ".?a", "[?0]", "optional.of(",
    ];

    [Fact]
    public void Random_expressions_are_compiled_or_refused_and_evaluate_to_something()
    {
        var random = new Random(Seed);
        var compiled = 0;
        for (var i = 0; i < 30_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => Parts[random.Next(Parts.Length)] + (random.Next(3) == 0 ? " " : "")));
            var environment = new CelEnvironment([new CelVariable("args", CelType.Dyn)]) { WithChecks = random.Next(2) == 0 };
            if (!environment.TryCompile(text, out var program, out var issues))
            {
                Assert.NotEmpty(issues);
                continue;
            }
            compiled++;
            _ = program.Evaluate(new CelBindings(new CelJson().Read("""{"a":[1,"x",null],"b":{"k":2.5}}"""))).ToString();
            _ = program.WhyNeverTrue();
        }
        Assert.True(compiled > 300, $"{compiled} compiled");
    }

    [Theory]
    [InlineData("(", ")", "1")]
    [InlineData("[", "]", "1")]
    [InlineData("-(", ")", "1")]
    [InlineData("!(", ")", "true")]
    [InlineData("size([", "])", "1")]
    [InlineData("true ? 1 : (", ")", "1")]
    [InlineData("[1].all(e, ", ")", "true")]
    [InlineData("(", " + 1)", "1")]
    public void What_is_nested_too_deep_is_refused_by_name(string open, string close, string inside)
    {
        const int Levels = 20_000;
        var text = string.Concat(Enumerable.Repeat(open, Levels)) + inside + string.Concat(Enumerable.Repeat(close, Levels));
        var limits = new CelLimits { Length = 10_000_000, Nodes = 10_000_000 };
        Assert.False(new CelEnvironment([]) { Limits = limits }.TryCompile(text, out _, out var issues));
        Assert.Equal(CelIssueCode.TooLarge, issues[0].Code);
    }

    [Theory]
    [InlineData("1 + 1", 100_000)]
    [InlineData("true && true", 100_000)]
    public void A_long_chain_is_refused_or_evaluated(string part, int times)
    {
        var (operand, symbol) = (part.Split(' ')[0], part.Split(' ')[1]);
        var text = string.Join(symbol, Enumerable.Repeat(operand, times));
        Assert.False(new CelEnvironment([]).TryCompile(text, out _, out var issues));
        Assert.Equal(CelIssueCode.TooLarge, issues[0].Code);
    }

    [Theory]
    [InlineData("lists.range(100000).all(a, lists.range(100000).all(b, a != b || true))")]
    [InlineData("[1,2,3,4,5,6,7,8,9,10].map(a, [1,2,3,4,5,6,7,8,9,10].map(b, [1,2,3,4,5,6,7,8,9,10].map(c, [1,2,3,4,5,6,7,8,9,10].map(d, [1,2,3,4,5,6,7,8,9,10].map(e, [1,2,3,4,5,6,7,8,9,10])))))")]
    [InlineData("cel.bind(a, 'xxxxxxxxxxxxxxxx', cel.bind(b, a+a+a+a+a+a+a+a, cel.bind(c, b+b+b+b+b+b+b+b, cel.bind(d, c+c+c+c+c+c+c+c, cel.bind(e, d+d+d+d+d+d+d+d, cel.bind(f, e+e+e+e+e+e+e+e, cel.bind(g, f+f+f+f+f+f+f+f, g+g+g+g+g+g+g+g)))))))")]
    [InlineData("lists.range(100000).map(x, string(x)).join(',').replace('', 'abcdefgh').replace('', 'abcdefgh').size() > 0")]
    public void What_costs_too_much_ends_with_an_error(string expression)
    {
        var value = new CelEnvironment([]) { Limits = new CelLimits { Cost = 200_000 } }.Compile(expression).Evaluate(new CelBindings());
        Assert.Equal((CelKind.Error, "cost limit exceeded"), (value.Kind, value.AsError.Message));
    }

    [Theory]
    [InlineData("9007199254740993", CelKind.Int)]
    [InlineData("-9223372036854775808", CelKind.Int)]
    [InlineData("9223372036854775808", CelKind.Error)]
    [InlineData("1e19", CelKind.Double)]
    [InlineData("-0", CelKind.Double)]
    [InlineData("1.0", CelKind.Double)]
    [InlineData("0.1", CelKind.Double)]
    [InlineData("5e-324", CelKind.Double)]
    [InlineData("1e400", CelKind.Error)]
    [InlineData("9007199254740993.0", CelKind.Error)]
    [InlineData("9223372036854775809", CelKind.Error)]
    [InlineData("0.1000000000000000055", CelKind.Error)]
    [InlineData("1e-400", CelKind.Error)]
    [InlineData("0e99999999999", CelKind.Double)]
    public void A_number_that_two_readers_would_take_for_different_ones_is_none(string number, CelKind kind) =>
        Assert.Equal(kind, new CelJson().Read($"[{number}]") is var list && list.Kind == CelKind.List ? list.AsList[list.Node, 0].Kind : CelKind.Unknown);

    [Theory]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""{"a":1,"\u0061":2}""")]
    [InlineData("""{"a":1,}""")]
    [InlineData("""{"a":01}""")]
    [InlineData("""{"a":"\ud800"}""")]
    [InlineData("""{"a":"\x"}""")]
    [InlineData("{\"a\":\"\n\"}")]
    [InlineData("""{"a":1} x""")]
    [InlineData("")]
    [InlineData("""{"a":tru}""")]
    public void What_is_no_strict_json_is_an_error(string text) => Assert.Equal(CelKind.Error, new CelJson().Read(text).Kind);

    [Fact]
    public void Deep_json_is_an_error() => Assert.Equal(CelKind.Error, new CelJson().Read(new string('[', 10_000) + new string(']', 10_000)).Kind);

    /// <summary>By random values: what is called impossible never happens.</summary>
    [Fact]
    public void What_is_called_never_true_is_never_true()
    {
        string[] conditions = ["args.n > 10", "args.n < 5", "args.n >= 5.0", "args.n == 7", "args.n != 7", "args.s == 'a'", "args.s != 'a'", "args.s in ['b', 'c']", "has(args.s)", "!has(args.s)", "args.f", "!args.f", "args.n <= 10", "7 < args.n", "args.s == 'z'"];
        var shape = new CelShape([new CelMember("n", CelType.Double) { Least = 0, Most = 20 }, new CelMember("s", CelType.String) { Values = [CelValue.Of("a"), CelValue.Of("b"), CelValue.Of("c")] }, new CelMember("f", CelType.Bool)], isOpen: false);
        var environment = new CelEnvironment([new CelVariable("args", CelType.Record(shape))]);
        var samples = new List<string>();
        foreach (var n in new[] { "0", "4", "5", "7", "7.5", "10", "11", "20" })
            foreach (var s in new[] { "", ",\"s\":\"a\"", ",\"s\":\"b\"", ",\"s\":\"c\"" })
                foreach (var f in new[] { "", ",\"f\":true", ",\"f\":false" }) samples.Add($"{{\"n\":{n}{s}{f}}}");
        var random = new Random(Seed);
        var impossible = 0;
        for (var i = 0; i < 5_000; i++)
        {
            var text = Condition(3);
            var program = environment.Compile(text);
            if (program.WhyNeverTrue() is not { } why) continue;
            impossible++;
            foreach (var sample in samples) Assert.False(program.Evaluate(new CelBindings(new CelJson().Read(sample))).IsTrue, $"{text} is true of {sample}, and was called never true: {why}");
        }
        Assert.True(impossible > 300, impossible.ToString(CultureInfo.InvariantCulture));

        string Condition(int depth) => depth == 0 || random.Next(3) == 0 ? conditions[random.Next(conditions.Length)]
            : random.Next(3) switch
            {
                0 => $"({Condition(depth - 1)} || {Condition(depth - 1)})",
                1 => $"!({Condition(depth - 1)})",
                _ => $"({Condition(depth - 1)} && {Condition(depth - 1)})",
            };
    }

    [Fact]
    public void The_example_of_the_readme_says_what_it_says()
    {
        var shape = new CelShape([new CelMember("amount", CelType.Double), new CelMember("currency", CelType.String)], isOpen: false);
        var environment = new CelEnvironment([new CelVariable("args", CelType.Record(shape))]);
        var program = environment.Compile("args.amount > 100 && args.currency in ['EUR', 'USD']");
        Assert.True(program.Evaluate(new CelBindings(new CelJson().Read("""{"amount": 250, "currency": "EUR"}"""))).IsTrue);
        Assert.False(environment.TryCompile("args.amuont > 100", out _, out var issues));
        Assert.Equal("1:5: there is no member 'amuont'; is 'amount' meant?", issues[0].ToString());
    }

    [Fact]
    public void A_text_that_lies_in_a_buffer_is_compared_as_a_string_is()
    {
        var utf8 = Encoding.UTF8.GetBytes("żółw🐢");
        var slice = CelValue.OfUtf8(utf8, 0, utf8.Length);
        var program = new CelEnvironment([new CelVariable("s", CelType.String)]).Compile("s == 'żółw🐢' && s.startsWith('żó') && s.endsWith('🐢') && s.contains('łw') && size(s) == 5 && s in ['a', 'żółw🐢'] && s < 'ż🐢'");
        Assert.True(program.Evaluate(new CelBindings(slice)).IsTrue);
    }
}
