using System.Text.RegularExpressions;

namespace Symbolon.EndToEndTests.Expressions;

/// <summary>
/// Every kind of difference between ours and @bufbuild/cel 0.6.1. In none of them ours is wrong: what was, was mended. "Open" is what langdef.md does not say;
/// there ours does as cel-go, which the specification names as its reference.
/// </summary>
internal static partial class Explanations
{
    public static readonly Explanation[] All =
    [
        new("timestamp of int in milliseconds", Of("timestamp()", "5"), one => one.Piece.Head == "timestamp()" && one.Operands[0].Tag == "int64_value" && one.Theirs.Tag == Timestamp,
            "langdef.md, List of Standard Definitions: timestamp(int) is of Unix seconds; shared test timestamps/timestamp_conversions (253402300800 is out of range). They count milliseconds."),
        new("duration of int in seconds", Of("duration()", "5"), one => one.Piece.Head == "duration()" && one.Operands[0].Tag == "int64_value" && one.Theirs.Tag == Duration && one.Theirs.Content == $"{one.Operands[0].Content}s",
            "Open: duration(int) stands in no table. Ours counts nanoseconds as cel-go; they count seconds, without a bound."),
        new("int of duration in seconds", Of("int()", "duration('90m')"), one => one.Piece.Head == "int()" && one.Operands[0].Tag == Duration && one is { Ours.Tag: "int64_value", Theirs.Tag: "int64_value" } && one.Theirs.Content == WholeSeconds(one.Operands[0].Content),
            "Open: int(duration) stands in no table. Ours gives nanoseconds as cel-go, so that duration(int(d)) == d."),
        new("timestamp text beyond RFC 3339", Of("timestamp()", "'2023-02-29T00:00:00Z'"), one => one.Piece.Head == "timestamp()" && one is { Ours.IsError: true, Theirs.Tag: Timestamp } && one.Operands[0].Tag == "string_value" && (one.Operands[0].Content.Contains("T24:", StringComparison.Ordinal) || one.Operands[0].Content.Contains("-02-29", StringComparison.Ordinal)),
            "langdef.md: the text is RFC 3339, whose hours end at 23 and whose days are of the month (sections 5.6 and 5.7). They take what Date.parse takes."),
        new("duration of an empty text", Of("duration()", "''"), one => one.Piece.Head == "duration()" && one is { Ours.IsError: true, Theirs.Tag: Duration } && one.Operands[0] is { Tag: "string_value", Content: "" or "+" or "-" },
            "langdef.md: a duration is a sequence of numbers with units; of nothing cel-go makes an error."),
        new("number of a text by ECMAScript", Of("int()", "'0x10'"), one => one.Piece.Head is "int()" or "uint()" or "double()" && one.Ours.IsError && !one.Theirs.IsError && one.Operands[0].Tag == "string_value" && (one.Operands[0].Content is "" or "-0" or "0x10" or "1e400" || (one.Piece.Head == "uint()" && one.Operands[0].Content.StartsWith('+')) || one.Operands[0].Content.StartsWith(' ') || one.Theirs.Content == "NaN"),
            "langdef.md: a text that is no number is an error; shared tests conversions/double and string_ext. They take blanks, signs, nothing, hexadecimal digits, what is too large, and give NaN for the rest."),
        new("bool of T and F", Of("bool()", "'T'"), one => one.Piece.Head == "bool()" && one.Operands[0] is { Tag: "string_value", Content: "T" or "F" } && one is { Ours.Tag: "bool_value", Theirs.IsError: true },
            "Open: the shared tests of conversions/bool name t, true, TRUE, True and 1. Ours takes T as cel-go does."),
        new("text of an infinite double", Of("string()", "1.0 / 0.0"), one => one.Piece.Head == "string()" && one.Operands[0].Tag == "double_value" && double.IsInfinity(one.Operands[0].Number) && one.Ours.Content is "+Inf" or "-Inf",
            "Open: the texts of doubles that are not finite. Ours writes them as cel-go."),
        new("text of minus zero", Of("string()", "-0.0"), one => one.Piece.Head == "string()" && one is { Ours: { Tag: "string_value", Content: "-0" }, Theirs.Content: "0" } && one.Operands[0].Tag == "double_value",
            "Open: cel-go writes the sign, so that double(string(d)) is d."),
        new("exponent of one digit", Of("string()", "1e-7"), one => one.Piece.Head == "string()" && one.Operands[0].Tag == "double_value" && one.Ours.Content == OneDigit().Replace(one.Theirs.Content, "$1-0$2"),
            "Open: ours writes 1e-07 as cel-go, they write 1e-7."),
        new("small double without an exponent", Of("string()", "0.00001"), one => one.Piece.Head == "string()" && one.Operands[0].Tag == "double_value" && Math.Abs(one.Operands[0].Number) is > 0 and < 1e-4 && one.Theirs.Content.TrimStart('-').StartsWith("0.0000", StringComparison.Ordinal) && one.Ours.Content.Contains("e-0", StringComparison.Ordinal),
            "Open: ours writes an exponent from 1e-05 on as cel-go, they from 1e-7 on as ECMAScript."),
        new("uint beyond int divided by 1", Of("_/_", "9223372036854775808u", "1u"), one => one.Piece.Head == "_/_" && one is { Ours.Tag: "uint64_value", Theirs.IsError: true } && one.Operands[1] is { Tag: "uint64_value", Content: "1" } && one.Ours.Content == one.Operands[0].Content && one.Theirs.Error.Contains("overflow", StringComparison.Ordinal),
            "langdef.md, Overflow: a quotient that is a uint is no overflow. They hold it to the bounds of int."),
        new("whole number beyond 2^53 beside a double", Of("_>=_", "dyn(9007199254740992.0)", "9007199254740993"), one => one.Piece.Head is "_<_" or "_<=_" or "_>_" or "_>=_" or "_==_" or "_!=_" && one is { Ours.Tag: "bool_value", Theirs.Tag: "bool_value" } && one.Operands.Any(operand => operand.Tag == "double_value") && one.Operands.Any(operand => operand.Tag is "int64_value" or "uint64_value" && operand.Content.TrimStart('-').Length >= 16),
            "langdef.md, Ordering: numbers of different types compare as on one continuous line (comparisons/lt_int_double and others). They make the whole number a double first."),
        new("text of a time with three digits", Of("string()", "duration('1.5s')"), one => (one.Piece.Head is "string()" && one.Operands[0].Tag is Timestamp or Duration || one.Piece.Head == ".format()") && one is { Ours.Tag: "string_value", Theirs.Tag: "string_value" } && TrailingZeros().Replace(one.Theirs.Content, "$1$2") == one.Ours.Content,
            "Open: ours writes as many digits as there are (timestamps/toString_timestamp_nanos has nine), they write three, six or nine."),
        new("has of what has no members", Of("has", "dyn(1)") with { Word = "a" }, one => one.Piece.Head == "has" && one is { Ours.IsError: true, Theirs: { Tag: "bool_value", Content: "false" } } && one.Operands[0].Tag is not ("map_value" or "error"),
            "langdef.md, Field Selection: in all other cases than maps and messages has(e.f) evaluates to an error."),
        new("has of a member that is null", Of("has", "{'a': null}") with { Word = "a" }, one => one.Piece.Head == "has" && one is { Ours: { Tag: "bool_value", Content: "true" }, Theirs: { Tag: "bool_value", Content: "false" } } && one.Operands[0].Tag == "map_value" && Member(one.Operands[0], one.Piece.Word)?["null_value"] is not null,
            "langdef.md, Field Selection: has(e.f) indicates whether the string f is a key in the map."),
        new("in of a key whose value is null", Of("_in_", "'a'", "{'a': null}"), one => one.Piece.Head == "_in_" && one is { Ours: { Tag: "bool_value", Content: "true" }, Theirs: { Tag: "bool_value", Content: "false" } } && one.Operands[1].Tag == "map_value" && one.Operands[1].Value!.ToJsonString().Contains("null_value", StringComparison.Ordinal),
            "langdef.md, List of Standard Definitions: in of a map asks for a key, whatever its value."),
        new("bytes outside of the first plane", Leaf("b'😀'"), one => one.Piece.Head == "literal" && one.Piece.Word.StartsWith('b') && one.Piece.Word.Contains("😀", StringComparison.Ordinal) && one is { Ours.Tag: "bytes_value", Theirs.Tag: "bytes_value" },
            "langdef.md, String and Bytes Values: b'…' is the UTF-8 of the text. They encode each half of the pair alone."),
        new("clauses that use fewer values than given", Of(".format()", "'%s'", "[1, 2]"), one => one.Piece.Head == ".format()" && one is { Ours.Tag: "string_value", Theirs.IsError: true } && one.Theirs.Error.Contains("too many arguments", StringComparison.Ordinal),
            "Open: cel-go ignores the rest."),
        new("format of a whole number as a double", Of(".format()", "'%e'", "[2]"), one => one.Piece.Head == ".format()" && one is { Ours.Tag: "string_value", Theirs.IsError: true } && one.Theirs.Error.Contains("can only be used on doubles", StringComparison.Ordinal) && one.Operands[1].Items.Any(item => item["int64_value"] is not null || item["uint64_value"] is not null),
            "shared test string_ext/format \"%f\".format([2]) and \"%e\".format([3u]): whole numbers are formatted as doubles."),
        new("uint key twice", Of("map", "1u", "1", "1u", "2"), one => one.Piece.Head == "map" && one is { Ours.IsError: true, Theirs.Tag: "map_value" } && one.Ours.Error.Contains("repeated key", StringComparison.Ordinal) && one.Operands.Where((_, i) => i % 2 == 0).Any(key => key.Tag == "uint64_value"),
            "langdef.md, Aggregate Values: a repeated key is an error. They compare keys that are uint by reference."),
        new("double as a key", Of("map", "dyn(1.0)", "1"), one => one.Piece.Head == "map" && one is { Ours.IsError: true, Theirs.Tag: "map_value" } && one.Ours.Error.Contains("unsupported key type", StringComparison.Ordinal) && one.Operands.Where((_, i) => i % 2 == 0).Any(key => key.Tag == "double_value"),
            "langdef.md, Aggregate Values: keys are int, uint, bool or string."),
        new("UTF-16 units for code points", Of(".charAt()", "'😀'", "0"), one => one.Piece.Head is ".charAt()" or ".substring()" or ".indexOf()" or ".lastIndexOf()" or ".split()" or ".replace()" && one.Operands.Any(HasPairs),
            "langdef.md, String and Bytes Values: a text is a sequence of code points, and so are positions in it (string_ext/char_at and others). They count UTF-16 units."),
        new("split with a limit", Of(".split()", "'a,b,c'", "','", "2"), one => one.Piece is { Head: ".split()", Parts.Length: 3 } && one is { Ours.Tag: "list_value", Theirs.Tag: "list_value" },
            "string_ext/split: the last part holds the rest. They cut it off, as ECMAScript, and count the limit modulo 2^32."),
        new("replace with a limit below zero", Of(".replace()", "'aa'", "'a'", "'b'", "-1"), one => one.Piece is { Head: ".replace()", Parts.Length: 4 } && one.Operands[3].Content.StartsWith('-') && one.Theirs.Content == one.Operands[0].Content,
            "string_ext/replace: a negative limit is none."),
        new("replace of nothing", Of(".replace()", "'ab'", "''", "'x'"), one => one.Piece.Head == ".replace()" && one.Operands[1] is { Tag: "string_value", Content: "" } && one is { Ours.Tag: "string_value", Theirs.Tag: "string_value" },
            "Open: cel-go puts the new text before each code point and at the end; they put it at the beginning again and again."),
        new("list indexed by what is no number", Of("_[_]", "[1]", "dyn(false)"), one => one.Piece.Head == "_[_]" && one is { Ours.IsError: true, Theirs.IsError: false } && one.Operands[0].Tag == "list_value" && one.Operands[1].Tag is not ("int64_value" or "uint64_value" or "double_value"),
            "langdef.md, List of Standard Definitions: a list is indexed by an int. They take Number() of anything."),
        new("minus of minus unlooked at", Of("-_", Of("-_", "dyn('a')")), one => one.Piece.Head == "-_" && one.Piece.Parts[0].Head == "-_" && one is { Ours.IsError: true, Theirs.IsError: false },
            "langdef.md, List of Standard Definitions: -_ is of int and double. They take two signs away unseen."),
        new("not of not unlooked at", Of("!_", Of("!_", "dyn('a')")), one => one.Piece.Head == "!_" && one.Piece.Parts[0].Head == "!_" && one is { Ours.IsError: true, Theirs.IsError: false },
            "langdef.md, List of Standard Definitions: !_ is of bool. They take two signs away unseen."),
        new("in of a map with what is no key", Of("_in_", "dyn([1])", "{1: 2}"), one => one.Piece.Head == "_in_" && one is { Ours: { Tag: "bool_value", Content: "false" }, Theirs.IsError: true } && one.Operands[1].Tag == "map_value" && one.Operands[0].Tag is not ("string_value" or "int64_value" or "uint64_value" or "bool_value" or "double_value"),
            "Open: what can be no key is none of the map's keys; cel-go says false as well."),
        new("times rounded to milliseconds", Of(".getFullYear()", "timestamp('9999-12-31T23:59:59.999999999Z')"), one => one.Piece.Head.StartsWith(".get", StringComparison.Ordinal) && one.Operands[0].Tag == Timestamp && Nanoseconds().IsMatch(one.Operands[0].Content) && one is { Ours.Tag: "int64_value", Theirs.Tag: "int64_value" },
            "langdef.md: a timestamp has nanoseconds, and none of its parts is rounded up. They round to milliseconds first."),
        new("order of texts by UTF-16", Of("_<_", "'\uFB01'", "'😀'"), one => one.Piece.Head is "_<_" or "_<=_" or "_>_" or "_>=_" && one.Operands.All(operand => operand.Tag == "string_value") && one.Operands.Any(HasPairs),
            "langdef.md, Equality and Ordering: strings obey lexicographic ordering of the code points."),
        new("pattern refused before evaluation", Of("_||_", "true", "'a'.matches('(')"), one => one.Ours.IsError && one.Ours.Error.Contains("This is no regular expression", StringComparison.Ordinal) && !one.Theirs.IsError && one.Piece.ToString().Contains(".matches(", StringComparison.Ordinal),
            "Open: langdef.md, Regular Expressions, says not when a literal pattern is looked at. Ours refuses the expression, so that a rule is refused where it is written; they never reach it."),
        new("least int modulo -1", Of("_%_", "-9223372036854775808", "-1"), one => one.Piece.Head == "_%_" && one.Ours.IsError && one.Theirs.Content == "0" && one.Operands[0].Content == "-9223372036854775808" && one.Operands[1].Content == "-1",
            "Open: langdef.md, Overflow, speaks of results. Ours is an error as for the quotient, and as in cel-go."),
        new("year below 100", Of(".getFullYear()", "timestamp('0001-01-01T00:00:00Z')"), one => one.Piece.Head.StartsWith(".get", StringComparison.Ordinal) && one.Operands[0].Tag == Timestamp && (one.Operands[0].Content.StartsWith("00", StringComparison.Ordinal)) && one is { Ours.Tag: "int64_value", Theirs.Tag: "int64_value" },
            "langdef.md: timestamps begin with year 1. Date takes a year below 100 for one of the twentieth century."),
        new("position at the end", Of(".indexOf()", "'a'", "'b'", "1"), one => one.Piece is { Head: ".indexOf()" or ".lastIndexOf()", Parts.Length: 3 } && one is { Ours.Tag: "int64_value", Theirs.IsError: true } && one.Operands[2].Content == $"{one.Operands[0].Content.EnumerateRunes().Count()}",
            "Open: string_ext has errors for positions below 0 and beyond the end; at the end nothing, or the empty text, is found."),
        new("format of a double by ECMAScript", Of(".format()", "'%s'", "[-0.0]"), one => one.Piece.Head == ".format()" && one is { Ours.Tag: "string_value", Theirs.Tag: "string_value" } && one.Operands[1].Items.Any(item => (string?)item["double_value"] is { } number && (number == "-0" || number.Contains("e-", StringComparison.OrdinalIgnoreCase) || one.Operands[0].Content.Contains('f', StringComparison.Ordinal) || one.Operands[0].Content.Contains('e', StringComparison.Ordinal))),
            "Open: cel-go writes the sign of zero and all digits of a double's exact value; they write seventeen and then zeros."),
        new("format of a map's keys by locale", Of(".format()", "'%s'", "[{'b': 1, '😀': 2}]"), one => one.Piece.Head == ".format()" && one is { Ours.Tag: "string_value", Theirs.Tag: "string_value" } && one.Operands[1].Value!.ToJsonString().Contains("map_value", StringComparison.Ordinal) && one.Ours.Content.Length == one.Theirs.Content.Length,
            "string_ext/format: keys are sorted; cel-go sorts by code point, they by the locale."),
        new("type of an empty map's member", Of("_?_:_", "false", "-(-{}.name)", "0.5"), one => one.Answer.Question.IsChecked && one.Ours.IsError && one.Ours.Error.Contains("found no matching overload", StringComparison.Ordinal) && one.Piece.ToString().Contains("{}", StringComparison.Ordinal),
            "langdef.md, Type Checking: what is in {} has a type that inference chooses, and then keeps. They check no types."),
    ];

    private const string Timestamp = "google.protobuf.Timestamp";
    private const string Duration = "google.protobuf.Duration";

    private static Piece Leaf(string text) => new(Sort.Any, "literal", text);

    private static Piece Of(string head, params string[] operands) => Of(head, [.. operands.Select(Leaf)]);

    private static Piece Of(string head, params Piece[] operands) => new(Sort.Any, head, "", operands);

    private static bool HasPairs(Outcome outcome) => outcome.Tag == "string_value" && outcome.Content.Any(char.IsSurrogate);

    private static string WholeSeconds(string duration)
    {
        var whole = duration.TrimEnd('s').Split('.')[0];
        return whole == "-0" ? "0" : whole;
    }

    private static System.Text.Json.Nodes.JsonNode? Member(Outcome map, string key) =>
        map.Value!["map_value"]!["entries"]!.AsArray().FirstOrDefault(entry => (string?)entry!["key"]!["string_value"] == key)?["value"];

    [GeneratedRegex(@"(e)-(\d)$")]
    private static partial Regex OneDigit();

    [GeneratedRegex(@"(\.\d*?[1-9])0+([Zs])")]
    private static partial Regex TrailingZeros();

    [GeneratedRegex(@"\.\d{4,}Z$")]
    private static partial Regex Nanoseconds();
}
