using System.Text;
using Symbolon.Jose;
using Symbolon.Jose.Keys;
using Symbolon.Jose.Signatures;

namespace Symbolon.UnitTests.Jose;

[Trait("area", "jose")]
public sealed class JwkTests
{
    private const string X = "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs";
    private const string Y = "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA";
    private const string Point = $"\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"{X}\",\"y\":\"{Y}\"";

    // RFC 7638 §3.1.
    private const string Modulus =
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";

    [Fact]
    [Trait("clause", "RFC 7638 §3.1")]
    public void The_thumbprint_of_the_example_is_the_one_printed()
    {
        Assert.Equal(JoseError.None, Parse($$"""{"kty":"RSA","n":"{{Modulus}}","e":"AQAB","alg":"RS256","kid":"2011-04-29"}""", out var key));
        Assert.Equal("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", key!.Thumbprint.ToString());
        Assert.Equal("2011-04-29", key.KeyId);
    }

    [Theory]
    [Trait("clause", "RFC 9449 §6.1")]
    [InlineData($"{{{Point}}}")]
    [InlineData($"{{\"kid\":\"1\",{Point},\"alg\":\"ES256\",\"use\":\"sig\",\"anything\":[1,2]}}")]
    [InlineData($" {{ \"y\":\"{Y}\", \"x\":\"{X}\", \"crv\":\"P-256\",\"key_ops\":[\"verify\"], \"kty\":\"EC\" }} ")]
    public void The_thumbprint_is_the_same_in_whatever_order_and_company(string json)
    {
        Assert.Equal(JoseError.None, Parse(json, out var key));
        Assert.Equal("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I", key!.Thumbprint.ToString());
        Assert.Equal(JoseError.None, Parse(key.ToJson(), out var again));
        Assert.Equal(key.Thumbprint, again!.Thumbprint);
    }

    [Theory]
    [InlineData("RFC 7517 §4.1", """{}""", JoseError.InvalidKey)]
    [InlineData("RFC 7517 §4.1", """{"kty":"ec"}""", JoseError.UnsupportedKey)]
    [InlineData("RFC 7517 §4.1", """{"kty":"OKP","crv":"Ed25519","x":"AA"}""", JoseError.UnsupportedKey)]
    [InlineData("RFC 7517 §4.1", """{"kty":1}""", JoseError.InvalidKey)]
    [InlineData("RFC 7518 §6.4", """{"kty":"oct","k":"AAAA"}""", JoseError.PrivateKey)]
    [InlineData("RFC 7518 §6.4", """{"kty":"oct"}""", JoseError.PrivateKey)]
    [InlineData("RFC 7518 §6.2.2", $"{{{Point},\"d\":\"AA\"}}", JoseError.PrivateKey)]
    [InlineData("RFC 7518 §6.2.2", $"{{{Point},\"\\u0064\":null}}", JoseError.PrivateKey)]
    [InlineData("RFC 7518 §6.3.2", $"{{{Point},\"p\":\"AA\"}}", JoseError.PrivateKey)]
    [InlineData("RFC 7518 §6.4.1", $"{{{Point},\"k\":\"AA\"}}", JoseError.PrivateKey)]
    [InlineData("RFC 7518 §6.3.2", $"{{\"kty\":\"RSA\",\"n\":\"{Modulus}\",\"e\":\"AQAB\",\"qi\":\"AA\"}}", JoseError.PrivateKey)]
    [InlineData("RFC 7517 §4.2", $"{{{Point},\"use\":\"enc\"}}", JoseError.KeyUseNotAllowed)]
    [InlineData("RFC 7517 §4.2", $"{{{Point},\"use\":1}}", JoseError.KeyUseNotAllowed)]
    [InlineData("RFC 7517 §4.3", $"{{{Point},\"key_ops\":[\"sign\"]}}", JoseError.KeyUseNotAllowed)]
    [InlineData("RFC 7517 §4.3", $"{{{Point},\"key_ops\":[]}}", JoseError.KeyUseNotAllowed)]
    [InlineData("RFC 7517 §4.3", $"{{{Point},\"key_ops\":[\"verify\",\"verify\"]}}", JoseError.InvalidKey)]
    [InlineData("RFC 7517 §4.3", $"{{{Point},\"key_ops\":\"verify\"}}", JoseError.InvalidKey)]
    [InlineData("RFC 7517 §4.4", $"{{{Point},\"alg\":\"ES384\"}}", JoseError.UnsupportedKey)]
    [InlineData("RFC 7517 §4.4", $"{{{Point},\"alg\":\"RS256\"}}", JoseError.UnsupportedKey)]
    [InlineData("RFC 7517 §4.4", $"{{{Point},\"alg\":\"HS256\"}}", JoseError.UnsupportedKey)]
    [InlineData("RFC 7517 §4.4", $"{{{Point},\"alg\":null}}", JoseError.UnsupportedKey)]
    [InlineData("RFC 7517 §4.5", $"{{{Point},\"kid\":7}}", JoseError.InvalidKey)]
    [InlineData("RFC 7517 §4.5", $"{{{Point},\"kid\":\"\"}}", JoseError.InvalidKey)]
    [InlineData("RFC 7517 §4", $"{{{Point},\"x\":\"{X}\"}}", JoseError.InvalidJson)]
    [InlineData("RFC 7517 §4", $"{{{Point},\"X\":\"{X}\"}}", JoseError.InvalidJson)]
    [InlineData("RFC 7517 §4", $"[{{{Point}}}]", JoseError.InvalidJson)]
    [InlineData("RFC 7518 §6.2.1.1", $"{{\"kty\":\"EC\",\"crv\":\"P-521\",\"x\":\"{X}\",\"y\":\"{Y}\"}}", JoseError.UnsupportedKey)]
    [InlineData("RFC 7518 §6.2.1.1", $"{{\"kty\":\"EC\",\"crv\":\"secp256k1\",\"x\":\"{X}\",\"y\":\"{Y}\"}}", JoseError.UnsupportedKey)]
    [InlineData("RFC 7518 §6.2.1.1", $"{{\"kty\":\"EC\",\"x\":\"{X}\",\"y\":\"{Y}\"}}", JoseError.InvalidKey)]
    [InlineData("RFC 7518 §6.2.1.2", $"{{\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"{X}\",\"y\":\"{Y}\"}}", JoseError.InvalidKey)]
    [InlineData("RFC 7518 §6.2.1.2", $"{{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"{Y}\"}}", JoseError.InvalidKey)]
    [InlineData("RFC 7518 §6.2.1.2", $"{{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"{X}=\",\"y\":\"{Y}\"}}", JoseError.InvalidKey)]
    [InlineData("RFC 7518 §6.2.1.3", $"{{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"{X}\"}}", JoseError.InvalidKey)]
    [InlineData("RFC 7518 §6.3.1.2", $"{{\"kty\":\"RSA\",\"n\":\"{Modulus}\",\"e\":\"AQ\"}}", JoseError.InvalidKey)]
    [InlineData("RFC 7518 §6.3.1.2", $"{{\"kty\":\"RSA\",\"n\":\"{Modulus}\",\"e\":\"Aw\"}}", JoseError.InvalidKey)]
    [InlineData("RFC 7518 §6.3.1.2", $"{{\"kty\":\"RSA\",\"n\":\"{Modulus}\",\"e\":\"AQAA\"}}", JoseError.InvalidKey)]
    [InlineData("RFC 7518 §6.3.1.2", $"{{\"kty\":\"RSA\",\"n\":\"{Modulus}\",\"e\":\"AAEAAQ\"}}", JoseError.InvalidKey)]
    [InlineData("RFC 7518 §6.3.1.2", $"{{\"kty\":\"RSA\",\"n\":\"{Modulus}\",\"e\":\"AQAAAAE\"}}", JoseError.InvalidKey)]
    [InlineData("RFC 7518 §3.3", """{"kty":"RSA","n":"AQAB","e":"AQAB"}""", JoseError.InvalidKey)]
    [InlineData("RFC 7518 §6.3.1.1", """{"kty":"RSA","n":"","e":"AQAB"}""", JoseError.InvalidKey)]
    [InlineData("RFC 7518 §3.1", $"{{\"kty\":\"RSA\",\"n\":\"{Modulus}\",\"e\":\"AQAB\",\"alg\":\"RS512\"}}", JoseError.UnsupportedKey)]
    [InlineData("RFC 7518 §3.1", $"{{\"kty\":\"RSA\",\"n\":\"{Modulus}\",\"e\":\"AQAB\",\"alg\":\"RSA-OAEP\"}}", JoseError.UnsupportedKey)]
    public void A_hostile_key_is_refused(string clause, string json, JoseError error)
    {
        var read = Parse(json, out var key);
        Assert.True(error == read, $"{clause}, {json}: {read}");
        Assert.Null(key);
    }

    [Fact]
    [Trait("clause", "RFC 7518 §6.2.1")]
    public void A_point_that_is_not_on_the_curve_is_not_imported()
    {
        Assert.Equal(JoseError.None, Parse($$"""{"kty":"EC","crv":"P-256","x":"{{Y}}","y":"{{X}}"}""", out var key));
        Assert.Null(VerificationKey.Import(key!));
        Assert.Null(new VerificationKeyCache(4).Get(key!));
    }

    [Fact]
    [Trait("clause", "RFC 7518 §6.3.1.1")]
    public void Moduli_outside_2048_to_4096_bits_even_ones_and_leading_zeros_are_refused()
    {
        var modulus = Base64Url.Decode(Encoding.ASCII.GetBytes(Modulus))!;
        Assert.Equal(JoseError.None, Rsa(modulus));
        Assert.Equal(JoseError.InvalidKey, Rsa([0, .. modulus]));
        Assert.Equal(JoseError.InvalidKey, Rsa(modulus[1..]));
        Assert.Equal(JoseError.InvalidKey, Rsa([.. modulus[..^1], 2]));
        Assert.Equal(JoseError.InvalidKey, Rsa([0x7f, .. modulus[1..]]));
        Assert.Equal(JoseError.InvalidKey, Rsa([1, .. modulus, .. modulus]));
    }

    [Fact]
    [Trait("clause", "RFC 7517 §5")]
    public void A_set_passes_over_keys_that_it_does_not_know_and_is_refused_for_lost_ones_and_doubles()
    {
        Assert.Equal(JoseError.None, Set($$"""{"keys":[{"kty":"OKP"},{ {{Point}},"use":"enc"},{ {{Point}},"kid":"a"}]}""", out var set));
        Assert.Equal("a", Assert.Single(set!.Keys).KeyId);
        Assert.NotNull(set.Find("a", JwsAlgorithm.ES256));
        Assert.NotNull(set.Find(null, JwsAlgorithm.ES256));
        Assert.Null(set.Find("A", JwsAlgorithm.ES256));
        Assert.Null(set.Find("a", JwsAlgorithm.RS256));
        Assert.Null(set.Find("../../a", JwsAlgorithm.ES256));
        Assert.Null(set.Find("a' OR '1'='1", JwsAlgorithm.ES256));
        Assert.Equal(JoseError.DuplicateKeyId, Set($$"""{"keys":[{ {{Point}},"kid":"a"},{ {{Point}},"kid":"a"}]}""", out _));
        Assert.Equal(JoseError.PrivateKey, Set($$"""{"keys":[{ {{Point}},"kid":"a"},{ {{Point}},"d":"AA"}]}""", out _));
        Assert.Equal(JoseError.PrivateKey, Set($$"""{"keys":[{"kty":"oct","k":"AAAA"}]}""", out _));
        Assert.Equal(JoseError.InvalidJson, Set("""{"keys":{}}""", out _));
        Assert.Equal(JoseError.InvalidJson, Set("""{}""", out _));
        Assert.Equal(JoseError.InvalidJson, Set("""{"keys":[1]}""", out _));
        Assert.Equal(JoseError.InvalidJson, Set("""{"keys":[],"keys":[]}""", out _));
        Assert.Equal(JoseError.TooLarge, Set($$"""{"keys":[{{string.Join(',', Enumerable.Repeat("""{"kty":"X"}""", 101))}}]}""", out _));
        Assert.Equal(JoseError.TooLarge, Set(new string(' ', JwkSet.MostBytes + 1), out _));
        Assert.Equal(JoseError.None, Set($$"""{"keys":[{ {{Point}},"kid":"a"},{ {{Point}},"kid":"b"}]}""", out var two));
        Assert.Null(two!.Find(null, JwsAlgorithm.ES256));
    }

    [Fact]
    public void A_cache_of_keys_stays_within_its_bound_and_keeps_the_one_in_use()
    {
        var cache = new VerificationKeyCache(4);
        using var often = Es256SigningKey.Generate();
        var kept = cache.Get(often.PublicKey);
        for (var i = 0; i < 20; i++)
        {
            using var other = Es256SigningKey.Generate();
            Assert.NotNull(cache.Get(other.PublicKey));
            Assert.Same(kept, cache.Get(often.PublicKey));
        }
        Assert.Equal(4, cache.Count);
    }

    [Fact]
    public void Keys_verify_on_while_a_small_cache_turns_them_out_under_many_threads()
    {
        var cache = new VerificationKeyCache(2);
        var keys = Enumerable.Range(0, 6).Select(_ => Es256SigningKey.Generate()).ToArray();
        var tokens = keys.Select(key => Encoding.ASCII.GetBytes(key.Sign("at+jwt", "{}"u8))).ToArray();
        var profile = new JwsProfile { Type = "at+jwt" };
        var verified = 0;
        Parallel.For(0, 600, i =>
        {
            var token = tokens[i % 6];
            if (Jws.Read(token, profile, new byte[token.Length], out var jws) == JoseError.None
                && jws.Verify(cache.Get(keys[i % 6].PublicKey)!, out _) == JoseError.None)
                Interlocked.Increment(ref verified);
        });
        Assert.Equal(600, verified);
        Assert.InRange(cache.Count, 1, 2);
        foreach (var key in keys) key.Dispose();
    }

    private static JoseError Parse(string json, out Jwk? key) => Jwk.Parse(Encoding.UTF8.GetBytes(json), out key);

    private static JoseError Set(string json, out JwkSet? set) => JwkSet.Parse(Encoding.UTF8.GetBytes(json), out set);

    private static JoseError Rsa(byte[] modulus) => Parse($$"""{"kty":"RSA","n":"{{Base64Url.Encode(modulus)}}","e":"AQAB"}""", out _);
}
