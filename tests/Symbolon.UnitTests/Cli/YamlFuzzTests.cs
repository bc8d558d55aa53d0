using System.Text;
using System.Text.Json;
using Symbolon.Admin.Sources;
using Symbolon.Cli.Output;

namespace Symbolon.UnitTests.Cli;

/// <summary>Texts that nobody would write: each is read or refused with an error, and nothing else happens.</summary>
[Trait("area", "cli")]
public sealed class YamlFuzzTests
{
    private const string Seed = """
        apiVersion: symbolon/v1
        kind: Server
        metadata: { name: deploy, owner: "a@b.c", labels: { env: 'prod', n: 1.50, t: ~ } }
        spec: &s
          upstream: {transport: http, "url": 'http://127.0.0.1:1/mcp'}
          tools:
            - name: |
                one
                 two
            - >-
              folded
            - ? [a, b]
              : !!str c
            - *s
            - "esc \x41 \u263A \U0001F600 \
              joined"
        # comment
        ...
        ---
        - .inf
        - 0x1F
        """;

    private static readonly string[] Pieces =
        ["\n", "\t", "  ", ":", ": ", "- ", "-", "?", "? ", "&a ", "*a", "!", "!!", "!<x> ", "%YAML 1.1\n", "%TAG ! x\n", "---\n", "...\n", "{", "}", "[", "]", ",", "'", "\"", "\\", "|", ">", "#", "\0", "\u0085", "\u2028", "\uFEFF", "\uD83D", "@", "`", "<<: *a\n"];

    [Fact]
    public void A_mutated_file_is_read_or_refused()
    {
        var random = new Random(20260728);
        for (var i = 0; i < 10_000; i++)
        {
            var text = Mutate(random);

            var reading = YamlReader.Read("f", text);

            Assert.All(reading.Errors, error => Assert.True(error.Line >= 1 && error.Message.Length > 0));
            foreach (var document in reading.Documents) Assert.NotEqual(JsonValueKind.Undefined, document.Json.ValueKind);
        }
    }

    [Fact]
    public void Mutated_JSON_is_read_or_refused()
    {
        var random = new Random(8259);
        var seed = """[{"a":"\u00e9\ud83d\ude00","b":[1,2.50,-0e1,true,null],"c":{"d":{}}}]"""u8.ToArray();
        for (var i = 0; i < 10_000; i++)
        {
            var bytes = seed.ToArray();
            for (var n = random.Next(1, 4); n > 0; n--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);

            var reading = JsonReader.Read("f", bytes);

            Assert.True(reading.Errors.Count > 0 || reading.Documents.Count >= 0);
            Assert.All(reading.Errors, error => Assert.True(error.Line >= 1 && error.Message.Length > 0));
        }
    }

    [Fact]
    public void Any_text_survives_the_way_into_YAML_and_back()
    {
        var random = new Random(1);
        for (var i = 0; i < 5_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => Some(random)));
            var value = JsonSerializer.SerializeToElement(new Dictionary<string, object> { [text] = text, ["list"] = new[] { text, "x" } });

            var reading = YamlReader.Read("f", YamlText.Write(value));

            Assert.Empty(reading.Errors);
            Assert.True(JsonElement.DeepEquals(value, Assert.Single(reading.Documents).Json), CoreScalar.Quote(text));
            Assert.True(JsonElement.DeepEquals(value, JsonDocument.Parse(JsonText.Write(value)).RootElement), CoreScalar.Quote(text));
        }
    }

    private static string Some(Random random) => random.Next(3) switch
    {
        0 => Pieces[random.Next(Pieces.Length)] is var piece && piece == "\uD83D" ? "\uD83D\uDE00" : piece,
        1 => ((char)random.Next(1, 0x3000)).ToString(),
        _ => new Rune(random.Next(0x10000, 0x10FFFF)).ToString(),
    };

    private static string Mutate(Random random)
    {
        var text = new StringBuilder(Seed);
        for (var n = random.Next(1, 6); n > 0; n--)
        {
            var at = random.Next(text.Length);
            switch (random.Next(3))
            {
                case 0: text.Remove(at, Math.Min(random.Next(1, 20), text.Length - at)); break;
                case 1: text.Insert(at, Pieces[random.Next(Pieces.Length)]); break;
                default: text.Insert(at, text.ToString(Math.Min(at, text.Length - 1), Math.Min(random.Next(1, 30), text.Length - at))); break;
            }
        }
        return text.ToString();
    }
}
