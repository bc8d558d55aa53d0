using System.Text;
using Symbolon.Jose.Json;

namespace Symbolon.UnitTests.Jose;

[Trait("area", "json")]
public sealed class StrictJsonFuzzTests
{
    private static readonly string[] Seeds =
    [
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read_file","arguments":{"path":"/a\\b","n":-1.5e+3},"_meta":{"progressToken":"x"}}}""",
        """{"a":1,"A1":{"b":[],"c":{}},"ß":"\u00e9\uD83D\uDE00","ſ":null,"\u0042x":true,"k\t":[false,0,-0.0,1e9]}""",
        """[[[["deep"]]],{"x":{"x":{"x":{"y":[1,2,{"z":"\"quoted\""}]}}}}, 12345678901234567890 , "end" ]""",
        """ { "é" : "è" , "\u00C8" : [ "日本語", "😀", "" ] , "token" : { "S" : 1 , "t" : 2 } } """,
    ];

    private static readonly byte[][] Fragments =
    [
        "\""u8.ToArray(), "{"u8.ToArray(), "}"u8.ToArray(), "["u8.ToArray(), "]"u8.ToArray(), ","u8.ToArray(), ":"u8.ToArray(),
        "\\"u8.ToArray(), "\\u"u8.ToArray(), "\\uD83D"u8.ToArray(), "\\uDE00"u8.ToArray(), "\\u0053"u8.ToArray(), "\\u017F"u8.ToArray(),
        "ſ"u8.ToArray(), "\u212A"u8.ToArray(), "K"u8.ToArray(), "0"u8.ToArray(), "-"u8.ToArray(), "."u8.ToArray(), "e5"u8.ToArray(),
        " "u8.ToArray(), "\n"u8.ToArray(), "\0"u8.ToArray(), "null"u8.ToArray(), "\"a\":1,"u8.ToArray(), "\"X\":1,"u8.ToArray(),
        ",\"a\":2"u8.ToArray(), "1,"u8.ToArray(), "\"\\u0078\":0,"u8.ToArray(), "\uFEFF"u8.ToArray(), [0x80], [0xC3], [0xED, 0xA0, 0x80], [0xFF],
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Mutated_texts_get_the_verdict_and_the_reading_of_a_plain_second_opinion(int seed)
    {
        var random = new Random(seed);
        var outline = new JsonOutline();
        var accepted = 0;
        for (var i = 0; i < 5_000; i++)
        {
            var text = Mutate(random, Encoding.UTF8.GetBytes(Seeds[random.Next(Seeds.Length)]));
            var error = StrictJson.Scan(text, JsonLimits.Default, MemberRule.EveryObject, outline);
            var printable = Convert.ToHexString(text);
            Assert.True(error.Accepted == JsonReference.Accepts(text), $"{error} for {printable}");
            Assert.InRange(error.Offset, 0, text.Length);
            if (!error.Accepted) continue;
            accepted++;
            JsonReference.AssertReadsLikeJsonDocument(text);
            AssertOutlineAgrees(text, outline, printable);
        }
        Assert.InRange(accepted, 250, 4_750);
    }

    private static byte[] Mutate(Random random, byte[] text)
    {
        var bytes = text.ToList();
        for (var rounds = random.Next(1, 4); rounds > 0; rounds--)
        {
            var at = random.Next(bytes.Count + 1);
            var length = Math.Min(random.Next(1, 4), bytes.Count - at);
            switch (random.Next(5))
            {
                case 0: bytes.InsertRange(at, Fragments[random.Next(Fragments.Length)]); break;
                case 1: bytes.RemoveRange(at, length); break;
                case 2 when at < bytes.Count: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 3 when at < bytes.Count: bytes[at] = (byte)random.Next(0x20, 0x7F); break;
                default: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(12), bytes.Count - at))); break;
            }
        }
        return [.. bytes];
    }

    private static void AssertOutlineAgrees(byte[] text, JsonOutline outline, string printable)
    {
        var walked = JsonValue.Root(text);
        Assert.Equal(walked.Kind == JsonKind.Object, outline.TryGetRoot(text, out var root));
        var members = walked.Members;
        foreach (var outlined in root)
        {
            Assert.True(members.MoveNext(), printable);
            Assert.Equal(members.Current.Name, outlined.Name);
            Assert.True(members.Current.Value.Raw.SequenceEqual(outlined.Value.Raw), printable);
        }
        Assert.False(members.MoveNext(), printable);
    }
}
