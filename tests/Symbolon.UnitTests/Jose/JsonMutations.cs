using System.Text;

namespace Symbolon.UnitTests.Jose;

/// <summary>Valid JSON with one to three small damages, of which some leave it valid.</summary>
internal static class JsonMutations
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

    public static byte[] Next(Random random)
    {
        var bytes = Encoding.UTF8.GetBytes(Seeds[random.Next(Seeds.Length)]).ToList();
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
}
