using System.Globalization;
using System.Text.Json.Nodes;

namespace Symbolon.EndToEndTests.Policies;

/// <summary>A call as it will be made.</summary>
/// <param name="Kind"><c>tool</c>, <c>prompt</c> or <c>resource</c>.</param>
/// <param name="Arguments">JSON as it goes over the wire; null for none.</param>
internal sealed record GeneratedCall(int Holder, string Server, string Kind, string Name, string? Arguments);

/// <summary>Calls with what breaks rules: numbers at the edges, texts beyond ASCII, members that are missing, unknown or of another type. The same for the same seed.</summary>
internal sealed class GeneratedCalls(int seed, int holders)
{
    private static readonly string[] Numbers =
    [
        "0", "-0", "0.0", "1", "5", "100", "100.0", "1E2", "100.000001", "101", "-1", "-0.5", "0.0000001", "9007199254740992", "9007199254740993", "9223372036854775807", "-9223372036854775808",
        "9223372036854775808", "18446744073709551615", "18446744073709551616", "0.1", "1e308", "1e400", "-1e400", "1e-400", "12345678901234567890123", "0.30000000000000004441",
    ];

    private static readonly string[] Texts =
    [
        "", "EUR", "USD", "\u00A5", "eur", "cup", "vip", "ada", "straße", "STRASSE", "ſ", "K", "ö", "o\u0308", "🧾", "👩‍👩‍👧", "漢字", "\u202Eevil", "\u200B", "a\u0000b", "\uFFFE", "\n", "x.example", "bob@x.example",
        "/etc/passwd", "/srv/notes", "'", "\\", "100", "true",
    ];

    private static readonly string[] Others = ["null", "true", "false", "[]", "{}", "[1]", "{\"id\":1}", "\"100\"", "7"];

    private readonly Random random = new(seed);

    public GeneratedCall Next()
    {
        var holder = random.Next(holders);
        return random.Next(12) switch
        {
            < 6 => new(holder, "payments", "tool", "refund", Refund()),
            6 => new(holder, "payments", "tool", random.Next(2) == 0 ? "balance" : "purge", Members([("note", Text), ("account", Text)])),
            7 or 8 => new(holder, "notes", "tool", "send", Members([("to", Text), ("text", Text), ("note", Any)])),
            9 => new(holder, "notes", "tool", "read_note", Members([("id", Number), ("path", Text), ("note", Any)])),
            10 => new(holder, "files", "tool", "stat", random.Next(3) == 0 ? null : Members([("path", Text), ("note", Any)])),
            _ when random.Next(2) == 0 => new(holder, "files", "prompt", random.Next(2) == 0 ? "plan" : "greet", random.Next(3) == 0 ? null : Members([("who", () => Quoted(["ada", "bob", "ädä"]))])),
            _ => new(holder, "files", "resource", Pick(["file:///srv/open/a.txt", "file:///srv/secret/b.txt", "file:///srv/open/%C3%A4.txt"]), null),
        };
    }

    private string Refund() => Members([("amount", Number), ("currency", () => Quoted(["EUR", "USD", "\u00A5", "eur"])), ("note", Text), ("tags", Tags), ("customer", () => Members([("id", Number), ("vip", Truth)]))]);

    /// <summary>Most are there as the schema says, some are missing or of another type, and some are there that it does not name.</summary>
    private string Members((string Name, Func<string> Make)[] wanted)
    {
        var found = wanted.Where(_ => random.Next(5) != 0).Select(member => $"\"{member.Name}\":{(random.Next(12) == 0 ? Pick(Others) : member.Make())}").ToList();
        if (random.Next(6) == 0) found.Insert(random.Next(found.Count + 1), $"\"zusätzlich\":{Any()}");
        return $"{{{string.Join(',', found)}}}";
    }

    private string Number() => random.Next(3) == 0 ? Pick(Numbers) : random.Next(-5, 200).ToString(CultureInfo.InvariantCulture);

    private string Text() => Quoted(Texts);

    private string Truth() => random.Next(2) == 0 ? "true" : "false";

    private string Tags() => $"[{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(8) == 0 ? Pick(Others) : Text()))}]";

    private string Any() => random.Next(3) switch { 0 => Number(), 1 => Text(), _ => Pick(Others) };

    private string Quoted(string[] texts) => JsonValue.Create(Pick(texts)).ToJsonString();

    private string Pick(string[] from) => from[random.Next(from.Length)];
}
