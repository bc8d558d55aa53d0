using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Symbolon.EndToEndTests.Jose;

/// <summary>Tokens that are a little wrong, or written oddly and signed as they are, from one seed.</summary>
internal sealed class TokenMutations(Random random, IReadOnlyList<TokenSigner> signers)
{
    public const string Type = "at+jwt";

    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    /// <summary>The value of alg and what else a header holds; ALG stands for the signer's own.</summary>
    private static readonly string[] Headers =
    [
        """{"alg":"ALG","typ":"at+jwt"}""", """{"typ":"at+jwt","alg":"ALG","kid":"k"}""", """{ "alg" : "ALG" , "typ" : "at+jwt" }""",
        """{"alg":"ALG","typ":"application/at+jwt"}""", """{"alg":"ALG","typ":"AT+JWT"}""", """{"alg":"ALG","typ":"JWT"}""", """{"alg":"ALG"}""", """{"alg":"ALG","typ":null}""",
        """{"alg":"ALG","typ":["at+jwt"]}""", """{"alg":"none","typ":"at+jwt"}""", """{"alg":"alg","typ":"at+jwt"}""", """{"alg":["ALG"],"typ":"at+jwt"}""", """{"typ":"at+jwt"}""",
        """{"alg":"HS256","typ":"at+jwt"}""", """{"alg":"ES256","typ":"at+jwt"}""", """{"alg":"RS256","typ":"at+jwt"}""", """{"alg":"PS256","typ":"at+jwt"}""", """{"alg":"ES384","typ":"at+jwt"}""",
        """{"alg":"ALG","alg":"none","typ":"at+jwt"}""", """{"alg":"none","alg":"ALG","typ":"at+jwt"}""", """{"alg":"ALG","typ":"at+jwt","typ":"JWT"}""", """{"alg":"ALG","Alg":"x","typ":"at+jwt"}""",
        """{"alg":"ALG","typ":"at+jwt","crit":["b64"],"b64":false}""", """{"alg":"ALG","typ":"at+jwt","crit":[]}""", """{"alg":"ALG","typ":"at+jwt","crit":["x"],"x":1}""", """{"alg":"ALG","typ":"at+jwt","b64":true}""",
        """{"alg":"ALG","typ":"at+jwt","jku":"https://x.example"}""", """{"alg":"ALG","typ":"at+jwt","jwk":{}}""", """{"alg":"ALG","typ":"at+jwt","x5u":"https://x.example"}""", """{"alg":"ALG","typ":"at+jwt","x5c":[]}""",
        """{"alg":"ALG","typ":"at+jwt","zip":"DEF"}""", """{"alg":"ALG","typ":"at+jwt","enc":"A128GCM"}""", """{"alg":"ALG","typ":"at+jwt","cty":"JWT"}""", """{"alg":"ALG","typ":"at+jwt","kid":1}""",
        """{"\u0061lg":"ALG","typ":"at+jwt"}""", """{"alg":"ALG","typ":"at\u002bjwt"}""", """{"alg":"ALG","typ":"at+jwt","x":1e999}""", """{"alg":"ALG","typ":"at+jwt","x":01}""",
        """{"alg":"ALG","typ":"at+jwt",}""", """{"alg":"ALG","typ":"at+jwt"} x""", """[{"alg":"ALG","typ":"at+jwt"}]""", "{\"alg\":\"ALG\",\"typ\":\"at+jwt\",\"x\":\"\\ud800\"}", "\uFEFF{\"alg\":\"ALG\",\"typ\":\"at+jwt\"}",
        "{\"alg\":\"ALG\",\"typ\":\"at+jwt\",\"x\":\"\u0001\"}", "{\"alg\":\"ALG\",\"typ\":\"at+jwt\",\"__proto__\":{\"alg\":\"none\"}}",
    ];

    /// <returns>The signer whose key verifies, and the token's bytes.</returns>
    public (TokenSigner Signer, byte[] Token) Next()
    {
        var signer = signers[random.Next(signers.Count)];
        var payload = new byte[random.Next(0, 60)];
        random.NextBytes(payload);
        var plain = signer.Sign(Encoding.UTF8.GetBytes(Headers[0].Replace("ALG", signer.Algorithm, StringComparison.Ordinal)), payload);
        return (signer, random.Next(12) switch
        {
            0 => Latin(plain),
            1 or 2 => Resigned(signer, payload),
            3 => FlippedBit(Latin(plain)),
            4 => Latin(Replaced(plain)),
            5 => Latin(plain.Insert(random.Next(plain.Length + 1), AnyCharacter())),
            6 => Latin(plain.Remove(random.Next(plain.Length), 1)),
            7 => Latin(OtherTrail(plain)),
            8 => Latin(OtherParts(plain)),
            9 => Latin(OtherSignature(signer, plain)),
            10 => Latin(signers[random.Next(signers.Count)].Sign(Encoding.UTF8.GetBytes(Headers[0].Replace("ALG", signer.Algorithm, StringComparison.Ordinal)), payload)),
            _ => FlippedHeaderBit(signer, payload),
        });
    }

    private byte[] Resigned(TokenSigner signer, byte[] payload) =>
        Latin(signer.Sign(Encoding.UTF8.GetBytes(Headers[random.Next(Headers.Length)].Replace("ALG", signer.Algorithm, StringComparison.Ordinal)), payload));

    /// <summary>A header that is damaged and signed all the same: only what it says can refuse it.</summary>
    private byte[] FlippedHeaderBit(TokenSigner signer, byte[] payload)
    {
        var header = Encoding.UTF8.GetBytes("""{"alg":"ALG","typ":"at+jwt","kid":"0123456789","x":{"a":[1,2,3]}}""".Replace("ALG", signer.Algorithm, StringComparison.Ordinal));
        return Latin(signer.Sign(FlippedBit(header), payload));
    }

    private byte[] FlippedBit(byte[] bytes)
    {
        bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        return bytes;
    }

    private string Replaced(string token)
    {
        var at = random.Next(token.Length);
        return token[..at] + AnyCharacter() + token[(at + 1)..];
    }

    private string AnyCharacter() => random.Next(4) == 0 ? new[] { "=", "+", "/", ".", " ", "\n", "\r\n", "\t", "\0", "é", "%2E" }[random.Next(11)] : Alphabet[random.Next(64)].ToString();

    /// <summary>The bits of a part's last digit that stand for nothing, padding, or white space behind it.</summary>
    private string OtherTrail(string token)
    {
        var parts = token.Split('.');
        var part = random.Next(3);
        if (parts[part].Length == 0) return token;
        parts[part] = random.Next(3) switch
        {
            0 => parts[part][..^1] + Alphabet[Alphabet.IndexOf(parts[part][^1], StringComparison.Ordinal) ^ (1 << random.Next(2))],
            1 => parts[part] + new string('=', random.Next(1, 3)),
            _ => parts[part] + " ",
        };
        return string.Join('.', parts);
    }

    private string OtherParts(string token)
    {
        var parts = token.Split('.');
        return random.Next(7) switch
        {
            0 => $"{parts[0]}.{parts[1]}",
            1 => $"{parts[0]}.{parts[1]}.",
            2 => $".{parts[1]}.{parts[2]}",
            3 => $"{parts[0]}..{parts[2]}",
            4 => $"{token}.{parts[2]}",
            5 => $"{parts[1]}.{parts[0]}.{parts[2]}",
            _ => $".{token}",
        };
    }

    private string OtherSignature(TokenSigner signer, string token)
    {
        var end = token.LastIndexOf('.');
        var signed = token[..end];
        var signature = Base64Url.DecodeFromChars(token.AsSpan(end + 1));
        byte[] other = random.Next(7) switch
        {
            0 => signer.SignatureOf(Encoding.ASCII.GetBytes(signed), DSASignatureFormat.Rfc3279DerSequence),
            1 => new byte[signature.Length],
            2 => [.. signature, 0],
            3 => [0, .. signature],
            4 => signature[..^1],
            5 => [.. signature[(signature.Length / 2)..], .. signature[..(signature.Length / 2)]],
            _ => [.. Enumerable.Repeat((byte)0xFF, signature.Length)],
        };
        return $"{signed}.{Base64Url.EncodeToString(other)}";
    }

    private static byte[] Latin(string text) => Encoding.Latin1.GetBytes(text);
}
