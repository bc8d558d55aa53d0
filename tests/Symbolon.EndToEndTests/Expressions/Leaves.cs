using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Symbolon.EndToEndTests.Expressions;

/// <summary>Literals as people write them, and values of variables: the edges of every kind, and texts outside of the first plane.</summary>
internal static class Leaves
{
    public static readonly string[] TimeTexts =
    [
        "2024-02-29T12:34:56Z", "1970-01-01T00:00:00Z", "2009-02-13T23:31:30.123456789Z", "1969-12-31T23:59:59.5Z", "9999-12-31T23:59:59.999999999Z", "0001-01-01T00:00:00Z", "2024-12-31T23:30:00-02:30",
        "2026-03-29T01:30:00+01:00", "1900-03-01T00:00:00Z", "2023-02-29T00:00:00Z", "2024-01-01", "2024-01-01T24:00:00Z", "2024-06-30T23:59:60Z", "0000-01-01T00:00:00Z", "2024-1-1T00:00:00Z", "",
    ];

    public static readonly string[] SpanTexts =
    [
        "0s", "1s", "1.5s", "-1.5h", "1h30m", "90m", "100ms", "1us", "1ns", "-1ns", "3600s", "9223372036s", "-9223372036s", "9223372037s", "2h45m30.25s", ".5s", "1.s", "+3s", "0", "s", "1", "1d", "1h-5m", "", "1.2.3s",
    ];

    public static readonly string[] Zones = ["UTC", "+02:00", "-02:30", "05:45", "America/New_York", "Asia/Kathmandu", "Australia/Sydney", "Nope/Zone", "+2:00"];

    public static readonly string[] Patterns = ["a", "^a.*b$", "[a-z]+", "\\\\d{2,}", "(?i)ABC", ".", "^$", "é|😀", "\\\\pL", "a{2}", "(", "[z-a]", "x*", "\\\\bb\\\\b", "(?=a)"];

    public static readonly string[] Formats = ["%s", "%d", "%f", "%.2f", "%e", "%x", "%X", "%o", "%b", "%%", "%s-%s", "[%s]", "%", "%z", "%.0f", "%.3e", "no clause", "😀%s"];

    /// <summary>Texts that functions which read numbers are given.</summary>
    public static readonly string[] NumberTexts = ["0", "7", "-7", "+7", "007", " 7", "", "1.5", "1e3", "0x10", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "18446744073709551615", "18446744073709551616", "NaN", "inf", "-Infinity", "1_000", "true", "٣", "-0", ".5", "5.", "1e400"];

    public static readonly string[] BoolTexts = ["true", "false", "TRUE", "False", "t", "f", "T", "F", "1", "0", "yes", "tRuE", ""];

    private static readonly string[] Ints =
    [
        "0", "1", "-1", "2", "3", "5", "7", "10", "-5", "42", "100", "0xff", "-0x10", "1000000000", "4294967296", "9007199254740991", "9007199254740992", "9007199254740993", "-9007199254740993",
        "9223372036854775807", "-9223372036854775808", "-9223372036854775807", "1700000000", "253402300799", "3037000500",
    ];

    private static readonly string[] Uints = ["0u", "1u", "2u", "3u", "5u", "7u", "10U", "0xFFu", "9007199254740993u", "9223372036854775807u", "9223372036854775808u", "18446744073709551615u"];

    private static readonly string[] Doubles =
    [
        "0.0", "-0.0", "1.0", "-1.0", "1.5", "-2.5", "0.1", "3.0", "2.0", "1e308", "-1e308", "1e-308", "5e-324", "9007199254740993.0", "1.7976931348623157e308", "9223372036854775807.0", "-9223372036854775808.0",
        "18446744073709551615.0", "1e21", "1e20", "1e6", "123456789.125", "0.0001", "1e-7", "2.5e-8", ".25", "6.02e23",
    ];

    private static readonly string[] Words =
    [
        "", "a", "b", "abc", "ABC", "Hello, world", "é", "e\u0301", "ß", "İ", "ǅ", "Ａ", "\uFB01", "\uFFFD", "😀", "a😀b", "😀😀", "𝒳y", "日本語", "\u00A0x\u2003", "  padded ", "a,b,,c", "%s", "x\ny", "tab\t", "0", "7", "true", "it's", "say \"hi\"", "back\\slash", "aXbXc",
    ];

    public static string Literal(Random random, Sort sort) => sort.Name switch
    {
        "BOOL" => random.Next(2) == 0 ? "true" : "false",
        "INT64" => Pick(random, Ints),
        "UINT64" => Pick(random, Uints),
        "DOUBLE" => Pick(random, Doubles),
        "STRING" => Quoted(random, Pick(random, Words)),
        "BYTES" => Pick(random, ["b''", "b'abc'", "b'\\xff\\x00'", "b'é'", "b\"\\303\\251\"", "b'😀'", "br'\\n'", "b'''a'b'''", "b'\\n'"]),
        "type" => Pick(random, ["int", "uint", "double", "bool", "string", "bytes", "list", "map", "null_type", "type", "google.protobuf.Timestamp", "google.protobuf.Duration"]),
        _ => "null",
    };

    /// <summary>A text as one of the forms in which the language writes it.</summary>
    public static string Quoted(Random random, string text)
    {
        var plain = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
            plain.Append(rune.Value switch
            {
                '\\' => "\\\\",
                '\'' => "\\'",
                '"' => "\\\"",
                '\n' => "\\n",
                '\t' => random.Next(2) == 0 ? "\\t" : "\\011",
                > 0xFFFF when random.Next(2) == 0 => $"\\U{rune.Value:X8}",
                > 0x7F and <= 0xFFFF when random.Next(2) == 0 => $"\\u{rune.Value:x4}",
                < 0x7F when random.Next(30) == 0 => $"\\x{rune.Value:x2}",
                _ => rune.ToString(),
            });
        var quote = Pick(random, ["'", "\"", "'", "\"", "'''", "\"\"\""]);
        return text.Contains('\\', StringComparison.Ordinal) && random.Next(2) == 0 && !text.Contains('\n', StringComparison.Ordinal) ? $"r'{text}'" : quote + plain + quote;
    }

    /// <summary>A value of a kind in the tagged form of the specification's tests.</summary>
    public static JsonNode Value(Random random, Sort sort, int depth = 0) => sort.Name switch
    {
        "BOOL" => Tagged("bool_value", random.Next(2) == 0 ? "true" : "false"),
        "INT64" => Tagged("int64_value", Pick(random, ["0", "1", "2", "-1", "3", "10", "9007199254740993", "9223372036854775807", "-9223372036854775808", random.Next(-50, 50).ToString(CultureInfo.InvariantCulture), random.NextInt64().ToString(CultureInfo.InvariantCulture)])),
        "UINT64" => Tagged("uint64_value", Pick(random, ["0", "1", "2", "7", "9007199254740993", "18446744073709551615", random.Next(50).ToString(CultureInfo.InvariantCulture)])),
        "DOUBLE" => Tagged("double_value", Pick(random, ["0", "-0", "1", "1.5", "-2.5", "0.1", "1e308", "5e-324", "9007199254740992", "NaN", "Infinity", "-Infinity", "1e21", "1e-9", "9223372036854775807", (random.NextDouble() * 1000).ToString("R", CultureInfo.InvariantCulture)])),
        "STRING" => Tagged("string_value", Pick(random, Words)),
        "BYTES" => Tagged("bytes_value", new JsonObject { ["base64"] = Pick(random, ["", "YWJj", "/w==", "w6k=", "8J+YgA==", "AAE="]) }),
        "TIMESTAMP" => Message("Timestamp", Pick(random, ["2024-02-29T12:34:56Z", "1970-01-01T00:00:00Z", "2009-02-13T23:31:30.123456789Z", "1969-12-31T23:59:59.5Z", "9999-12-31T23:59:59.999999999Z", "0001-01-01T00:00:00Z"])),
        "DURATION" => Message("Duration", Pick(random, ["0s", "1s", "1.5s", "-1.5s", "3600s", "9223372036s", "-9223372036s", "0.000000001s", "86400s"])),
        "list" => Tagged("list_value", new JsonObject { ["values"] = new JsonArray([.. Enumerable.Range(0, random.Next(5)).Select(_ => Value(random, sort.Item!, depth + 1))]) }),
        "map" => MapOf(random, sort, depth),
        "dyn" => Value(random, Pick(random, depth > 1 ? Sort.Ordered : Sort.All), depth + 1),
        // Types are no values of the tagged form that a caller could send to both.
        "type" or _ => Tagged("null_value", "NULL_VALUE"),
    };

    public static T Pick<T>(Random random, IReadOnlyList<T> among) => among[random.Next(among.Count)];

    private static JsonObject MapOf(Random random, Sort sort, int depth)
    {
        string[] names = ["name", "a", "b", "count", "😀"];
        var keys = sort.Key == Sort.Text
            ? names.Where(_ => random.Next(2) == 0).Select(name => Tagged("string_value", name))
            : Enumerable.Range(0, 4).Select(_ => Value(random, sort.Key!)).DistinctBy(key => key.ToJsonString()).Cast<JsonObject>();
        return Tagged("map_value", new JsonObject { ["entries"] = new JsonArray([.. keys.Select(key => new JsonObject { ["key"] = key, ["value"] = Value(random, sort.Item!, depth + 1) })]) });
    }

    private static JsonObject Message(string type, string text) => Tagged("object_value", new JsonObject { ["@type"] = $"type.googleapis.com/google.protobuf.{type}", ["value"] = text });

    private static JsonObject Tagged(string tag, JsonNode content) => new() { [tag] = content };
}
