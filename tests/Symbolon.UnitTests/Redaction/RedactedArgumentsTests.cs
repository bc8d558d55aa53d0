using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using Symbolon.Core.Identity;
using Symbolon.Core.Redaction;
using Symbolon.Jose.Json;

namespace Symbolon.UnitTests.Redaction;

[Trait("area", "redaction")]
public sealed class RedactedArgumentsTests
{
    [Theory]
    [InlineData("{}", """{"value":{}}""")]
    [InlineData("""{"b":1,"a":"x","c":[true,false,null,-5]}""", """{"value":{"a":"x","b":1,"c":[true,false,null,-5]}}""")]
    [InlineData("""{ "a" : { "z" : 1 , "y" : [ ] } }""", """{"value":{"a":{"y":[],"z":1}}}""")]
    [InlineData("""{"a":"\u0041\/\u0000\b\ud83d\ude00é"}""", "{\"value\":{\"a\":\"A/\\u0000\\b😀é\"}}")]
    public void Named_arguments_are_kept_in_canonical_form(string arguments, string expected) => Assert.Equal(expected, Text(arguments));

    [Theory]
    [InlineData("1.5", "\"1.5\"")]
    [InlineData("1e2", "\"1e2\"")]
    [InlineData("-0", "0")]
    [InlineData("9007199254740991", "9007199254740991")]
    [InlineData("9007199254740993", "\"9007199254740993\"")]
    [InlineData("-99999999999999999999", "\"-99999999999999999999\"")]
    [InlineData("1e999999", "\"1e999999\"")]
    public void A_number_that_not_every_reader_reads_alike_is_kept_as_text(string number, string expected) =>
        Assert.Equal($$$"""{"value":{"a":{{{expected}}}}}""", Text($$"""{"a":{{number}}}"""));

    [Fact]
    public void What_nobody_named_is_not_kept_not_even_its_name() =>
        Assert.Equal("""{"redacted":2,"value":{"a":1}}""", Text("""{"other":"x","a":1,"sym":{"deep":"y"}}"""));

    [Fact]
    public void A_name_written_with_escapes_is_the_same_name() => Assert.Equal("""{"value":{"a":1}}""", Text("""{"\u0061":1}"""));

    [Fact]
    public void Names_are_compared_with_regard_to_case() => Assert.Equal("""{"redacted":1,"value":{}}""", Text("""{"A":1}"""));

    [Theory]
    [InlineData("""{"a":{"password":"hunter2"}}""", """{"redacted":1,"value":{"a":{"password":"[redacted]"}}}""")]
    [InlineData("""{"a":[[{"b":{"apiKey":{"x":["hunter2"]}}}]]}""", """{"redacted":1,"value":{"a":[[{"b":{"apiKey":"[redacted]"}}]]}}""")]
    [InlineData("""{"a":{"pass\u0077ord":"hunter2"}}""", """{"redacted":1,"value":{"a":{"password":"[redacted]"}}}""")]
    [InlineData("""{"a":{"pin":1234}}""", """{"redacted":1,"value":{"a":{"pin":"[redacted]"}}}""")]
    [InlineData("""{"password":"hunter2"}""", """{"redacted":1,"value":{"password":"[redacted]"}}""")]
    [InlineData("""{"a":["run","--password","hunter2","-v"]}""", """{"redacted":1,"value":{"a":["run","--password","[redacted]","-v"]}}""")]
    [InlineData("""{"a":{"name":"Authorization","value":"hunter2"}}""", """{"redacted":1,"value":{"a":{"name":"Authorization","value":"[redacted]"}}}""")]
    [InlineData("""{"a":"{\"password\":\"hunter2\"}"}""", """{"redacted":1,"value":{"a":"[redacted]"}}""")]
    [InlineData("""{"a":"\u0042earer hunter2"}""", """{"redacted":1,"value":{"a":"[redacted]"}}""")]
    public void What_is_called_a_secret_is_taken_out_wherever_it_is(string arguments, string expected) => Assert.Equal(expected, Text(arguments));

    [Fact]
    public void The_value_that_goes_with_a_name_argument_is_taken_out() =>
        Assert.DoesNotContain("hunter2", Of("""{"name":"Authorization","value":"hunter2"}""", "name", "value"), StringComparison.Ordinal);

    [Fact]
    public void A_credential_is_taken_out_of_values_and_of_names()
    {
        foreach (var kind in Enum.GetValues<TokenKind>())
        {
            var token = PastedToken.Create(kind);
            var escaped = string.Concat(token.Select(c => $"\\u{(int)c:x4}"));
            foreach (var hostile in new[]
            {
                $$"""{"a":"{{token}}"}""", $$"""{"a":"{{escaped}}"}""", $$"""{"a":["x",{"b":"y {{token}} z"}]}""", $$"""{"a":{"{{token}}":1} }""",
                $$"""{"a":{"x":{"{{escaped}}":{"{{token}}":[]} } } }""", $$"""{"{{token}}":1,"a":1}""", $$"""{"a":"{{new string('x', 1010)}}{{token}}"}""",
            })
            {
                var text = Text(hostile);
                Assert.DoesNotContain(token[8..], text, StringComparison.Ordinal);
                Assert.Contains("\"redacted\":", text, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_credential_far_behind_what_is_kept_is_not_in_the_record_and_not_looked_for()
    {
        var token = PastedToken.Create(TokenKind.User);

        var text = Text($$"""{"a":"{{new string('x', 5000)}}{{token}}"}""");

        Assert.DoesNotContain("sym_", text, StringComparison.Ordinal);
        Assert.Contains("\"cut\":true", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_credential_across_the_cut_leaves_no_half_behind()
    {
        var token = PastedToken.Create(TokenKind.User);
        for (var before = 960; before < 1030; before++)
            Assert.DoesNotContain("sym_", Text($$"""{"a":"{{new string('-', before)}}{{token}}"}"""), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(100_000)]
    public void A_long_text_is_cut_between_characters_and_says_so(int characters)
    {
        foreach (var unit in new[] { "x ", "é", "日", "😀", "\\u0000", "\\\"" })
        {
            using var record = JsonDocument.Parse(Text($$"""{"a":"{{string.Concat(Enumerable.Repeat(unit, characters))}}","b":1}"""));
            Assert.True(record.RootElement.GetProperty("cut").GetBoolean());
            Assert.EndsWith("…", record.RootElement.GetProperty("value").GetProperty("a").GetString(), StringComparison.Ordinal);
            Assert.Equal(1, record.RootElement.GetProperty("value").GetProperty("b").GetInt32());
        }
    }

    public static TheoryData<string> Large { get; } =
    [
        $"[{string.Join(',', Enumerable.Repeat("1", 100_000))}]",
        $"[{string.Join(',', Enumerable.Repeat("[]", 100_000))}]",
        $"[{string.Join(',', Enumerable.Repeat("\"--password\"", 10_000))}]",
        $"{{{string.Join(',', Enumerable.Range(0, 9_000).Select(i => $"\"m{i}\":{{}}"))}}}",
        $"{{{string.Join(',', Enumerable.Range(0, 900).Select(i => $"\"{new string('n', i)}\":\"{new string('日', i)}\""))}}}",
        $"[{string.Join(',', Enumerable.Range(0, 60).Select(i => $"\"{new string('\u007f', 60 + i)}\""))}]",
        string.Concat(Enumerable.Repeat("[", 60)) + string.Concat(Enumerable.Repeat("]", 60)),
        string.Concat(Enumerable.Repeat("{\"k\":", 60)) + "1" + new string('}', 60),
        new string('9', 100_000),
        "0." + new string('9', 100_000),
        $"{{\"{new string('n', 10_000)}\":1}}",
    ];

    [Theory]
    [MemberData(nameof(Large))]
    public void Whatever_is_sent_what_is_kept_is_bounded_shallow_and_canonical(string value)
    {
        var kept = RedactedArguments.Of(Encoding.UTF8.GetBytes($$"""{"a":{{value}}}"""), Named("a"));
        Assert.InRange(kept.Length, 1, RedactedArguments.MostBytes + 64);
        Assert.True(CanonicalJson.IsCanonical(kept));
        using var record = JsonDocument.Parse(kept, new JsonDocumentOptions { MaxDepth = 32 });
        Assert.True(record.RootElement.TryGetProperty("cut", out _) || record.RootElement.TryGetProperty("redacted", out _));
    }

    [Fact]
    public void Every_size_up_to_the_bound_and_over_it_is_written_whole()
    {
        for (var items = 0; items < 450; items++)
        {
            var list = string.Join(',', Enumerable.Range(0, items).Select(i => i % 3 == 0 ? "{\"n\":\"abcdef\"}" : i % 3 == 1 ? "1.25" : "[\"\\u0001\"]"));
            var kept = RedactedArguments.Of(Encoding.UTF8.GetBytes($$"""{"a":[{{list}}]}"""), Named("a"));
            Assert.InRange(kept.Length, 1, RedactedArguments.MostBytes + 64);
            Assert.True(CanonicalJson.IsCanonical(kept));
        }
    }

    [Fact]
    public void Random_values_are_always_canonical_and_never_grow()
    {
        var random = new Random(7);
        for (var round = 0; round < 2_000; round++)
        {
            var arguments = Encoding.UTF8.GetBytes($$"""{"a":{{RandomValue(random, 0)}},"b":{{RandomValue(random, 0)}}}""");
            if (!StrictJson.Scan(arguments).Accepted) continue;
            var kept = RedactedArguments.Of(arguments, Named("a", "b"));
            Assert.True(CanonicalJson.IsCanonical(kept), Encoding.UTF8.GetString(kept));
            Assert.InRange(kept.Length, 1, RedactedArguments.MostBytes + 64);
        }
    }

    private static string RandomValue(Random random, int depth) => random.Next(depth > 5 ? 5 : 7) switch
    {
        0 => random.NextInt64().ToString(System.Globalization.CultureInfo.InvariantCulture),
        1 => random.NextDouble().ToString("R", System.Globalization.CultureInfo.InvariantCulture),
        2 => random.Next(2) == 0 ? "null" : "true",
        3 or 4 => JsonSerializer.Serialize(RandomText(random)),
        5 => $"[{string.Join(',', Enumerable.Range(0, random.Next(6)).Select(_ => RandomValue(random, depth + 1)))}]",
        _ => $"{{{string.Join(',', Enumerable.Range(0, random.Next(6)).Select(i => $"{JsonSerializer.Serialize(i + RandomText(random))}:{RandomValue(random, depth + 1)}"))}}}",
    };

    private static string RandomText(Random random) =>
        new([.. Enumerable.Range(0, random.Next(40)).Select(_ => random.Next(4) == 0 ? (char)random.Next(0xD7FF) : (char)random.Next(32, 127))]);

    private static string Text(string arguments) => Of(arguments, "a", "b", "c", "password");

    private static string Of(string arguments, params string[] names)
    {
        var kept = RedactedArguments.Of(Encoding.UTF8.GetBytes(arguments), Named(names));
        Assert.True(CanonicalJson.IsCanonical(kept));
        return Encoding.UTF8.GetString(kept);
    }

    private static FrozenSet<string> Named(params string[] names) => names.ToFrozenSet(StringComparer.Ordinal);
}
