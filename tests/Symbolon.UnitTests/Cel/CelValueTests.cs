using Symbolon.Cel;
using Symbolon.Cel.Evaluation;
using Symbolon.Cel.Types;
using Symbolon.Cel.Values;
using Symbolon.Cli.Expressions;

namespace Symbolon.UnitTests.Cel;

/// <summary>What the shared tests of the specification do not ask, and another implementation answered otherwise.</summary>
[Trait("area", "cel")]
public sealed class CelValueTests
{
    [Theory]
    [InlineData("1 < n")]
    [InlineData("1 <= n")]
    [InlineData("1 > n")]
    [InlineData("1 >= n")]
    [InlineData("1u < n")]
    [InlineData("1u <= n")]
    [InlineData("n < 1")]
    [InlineData("n >= 1u")]
    [InlineData("1 == n")]
    public void Nothing_is_before_or_after_what_is_no_number(string expression) =>
        Assert.False(new CelEnvironment([new CelVariable("n", CelType.Double)]).Compile(expression).Evaluate(new CelBindings(CelValue.Of(double.NaN))).IsTrue);

    [Theory]
    [InlineData("'%e'", "0", "0.000000e+00")]
    [InlineData("'%.3e'", "0.0", "0.000e+00")]
    [InlineData("'%.0e'", "0u", "0e+00")]
    [InlineData("'%.2e'", "9.999", "1.00e+01")]
    [InlineData("'%.2e'", "5e-324", "4.94e-324")]
    public void A_zero_is_formatted_with_an_exponent_like_other_numbers(string format, string number, string text) =>
        Assert.Equal(text, new CelEnvironment([]).Compile($"{format}.format([{number}])").Evaluate(new CelBindings()).AsText());

    [Theory]
    [InlineData("rb'a'")]
    [InlineData("0X10")]
    public void A_literal_that_the_grammar_does_not_know_is_refused(string expression) =>
        Assert.False(new CelEnvironment([]).TryCompile(expression, out _, out _));

    [Theory]
    [InlineData("Timestamp", "2024-02-29T12:00:00.5Z", true)]
    [InlineData("Duration", "-1.5s", true)]
    [InlineData("Timestamp", "yesterday", false)]
    [InlineData("Struct", "1s", false)]
    public void A_time_that_is_bound_is_read_as_it_is_written(string type, string text, bool isRead)
    {
        var value = $$$"""{"object_value":{"@type":"type.googleapis.com/google.protobuf.{{{type}}}","value":"{{{text}}}"}}""";
        var answer = ExpressionLine.Answer($$$"""{"id":1,"expr":"t","bindings":{"t":{{{value}}}}}""", 1);
        if (isRead) Assert.Equal(value, answer["value"]!.ToJsonString());
        else Assert.NotNull(answer["error"]);
    }
}
