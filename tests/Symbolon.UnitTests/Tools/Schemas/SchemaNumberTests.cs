using System.Globalization;
using System.Numerics;
using Symbolon.Testing;

namespace Symbolon.UnitTests.Tools.Schemas;

[Trait("area", "schemas")]
[Trait("clause", "DESIGN.md §4 Bytes")]
public sealed class SchemaNumberTests
{
    [Theory]
    [InlineData("""{"const":9007199254740993}""", "9007199254740993", "9007199254740992")]
    [InlineData("""{"const":9007199254740993}""", "9007199254740993.0", "9007199254740994")]
    [InlineData("""{"const":1}""", "1.0", "1.1")]
    [InlineData("""{"const":1}""", "10e-1", "10e-2")]
    [InlineData("""{"const":0}""", "-0.0e5", "1e-300")]
    [InlineData("""{"enum":[[1,{"a":2.50}]]}""", """[1.0,{"a":25e-1}]""", """[1.0,{"a":25}]""")]
    [InlineData("""{"maximum":9223372036854775806}""", "9223372036854775806", "9223372036854775807")]
    [InlineData("""{"minimum":-9223372036854775807}""", "-9223372036854775807", "-9223372036854775808")]
    [InlineData("""{"exclusiveMaximum":0.3}""", "0.29999999999999993", "0.3")]
    [InlineData("""{"maximum":0.1}""", "0.1", "0.10000000000000002")]
    [InlineData("""{"exclusiveMinimum":1e300}""", "1.1e300", "1e300")]
    [InlineData("""{"minimum":-1e-300}""", "-1e-301", "-1e-299")]
    [InlineData("""{"multipleOf":0.01}""", "19.99", "19.999")]
    [InlineData("""{"multipleOf":1e-300}""", "1e300", "1e-301")]
    [InlineData("""{"multipleOf":7}""", "9223372036854775807", "9223372036854775806")]
    [InlineData("""{"type":"integer"}""", "1e20", "1.5")]
    public void Numbers_are_compared_by_what_they_are_exactly(string schema, string allowed, string refused)
    {
        Assert.Null(SchemaCheck.Check(schema, allowed));
        Assert.NotNull(SchemaCheck.Check(schema, refused));
    }

    /// <summary>Numbers that readers take for another one.</summary>
    public static TheoryData<string> NotCarried =>
    [
        "9223372036854775808", "12345678901234567890", "1e400", "-1e400", "1e-400", "0.10000000000000000555", "0.29999999999999999", "3.14159265358979323846", "1e999999999999999999999",
        "1" + new string('0', 400), "0." + new string('0', 400) + "1", "9007199254740993.5", new string('9', 5_000),
    ];

    [Theory]
    [MemberData(nameof(NotCarried))]
    [Trait("hostile", "number")]
    public void A_number_that_neither_an_int64_nor_a_double_carries_is_refused_by_every_constraint_on_it(string number)
    {
        foreach (var schema in (string[])
        [
            """{"type":"number"}""", """{"maximum":1e308}""", """{"minimum":-1e308}""", """{"multipleOf":1e-300}""", """{"not":{"const":1}}""", """{"anyOf":[{"const":1},true]}""",
            """{"if":{"minimum":1},"then":true,"else":true}""", """{"oneOf":[{"type":"integer"},true]}""", """{"not":{"enum":[5]}}""",
        ])
        {
            Assert.Contains("carries exactly", SchemaCheck.Check(schema, number)?.Demand, StringComparison.Ordinal);
            Assert.Equal("a[0]", SchemaCheck.Check("{\"properties\":{\"a\":{\"items\":" + schema + "}}}", $$"""{"a":[{{number}}]}""")?.Path);
        }
        Assert.NotNull(SchemaCheck.Check("""{"uniqueItems":true}""", $"[1,{number}]"));
        Assert.NotNull(SchemaCheck.Check("""{"const":[1]}""", $"[{number}]"));
        // Where nothing is asked of it, it is a number like any other.
        Assert.Null(SchemaCheck.Check("""{"properties":{"b":{"type":"number"}}}""", $$"""{"a":{{number}}}"""));
        Assert.Contains(SchemaCheck.Faults($$"""{"maximum":{{number}}}"""), fault => fault.Path == "maximum");
        Assert.Contains(SchemaCheck.Faults($$"""{"enum":[{"a":{{number}}}]}"""), fault => fault.Path == "enum");
    }

    [Fact]
    public void Random_numbers_compare_and_divide_as_large_integers_do()
    {
        var random = new Random(7);
        for (var round = 0; round < TestSize.Of(5_000, 200_000); round++)
        {
            var (one, other) = (Random(random), Random(random));
            var (left, right) = (Scaled(one), Scaled(other));
            Assert.True(left <= right == SchemaCheck.Check($$"""{"maximum":{{other}}}""", one) is null, $"{one} <= {other}");
            Assert.True(left == right == SchemaCheck.Check($$"""{"const":{{other}}}""", one) is null, $"{one} == {other}");
            if (right > 0) Assert.True((left % right).IsZero == SchemaCheck.Check($$"""{"multipleOf":{{other}}}""", one) is null, $"{one} multiple of {other}");
        }
    }

    private static string Random(Random random)
    {
        var digits = random.NextInt64((long)Math.Pow(10, random.Next(1, 10)));
        var text = random.Next(3) switch
        {
            0 => digits.ToString(CultureInfo.InvariantCulture),
            1 => $"{digits}.{random.Next(1000):000}",
            _ => $"{digits}e{random.Next(-6, 7)}",
        };
        return random.Next(3) == 0 ? "-" + text : text;
    }

    /// <summary>The number times 10^12, in which all of these are whole.</summary>
    private static BigInteger Scaled(string text)
    {
        var parts = text.Split('e');
        var mantissa = parts[0].Split('.');
        var fraction = mantissa.Length > 1 ? mantissa[1] : "";
        var exponent = 12 - fraction.Length + (parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0);
        var digits = BigInteger.Parse(mantissa[0].TrimStart('-') + fraction, CultureInfo.InvariantCulture);
        return (text[0] == '-' ? -digits : digits) * BigInteger.Pow(10, exponent);
    }
}
