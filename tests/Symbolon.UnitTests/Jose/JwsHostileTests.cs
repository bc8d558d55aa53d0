using System.Text;
using Symbolon.Jose;
using Symbolon.Jose.Keys;
using Symbolon.Jose.Signatures;

namespace Symbolon.UnitTests.Jose;

[Trait("area", "jose")]
public sealed class JwsHostileTests : IDisposable
{
    private static readonly JwsProfile AccessToken = new() { Type = "at+jwt" };
    private static readonly JwsProfile Proof = new() { Type = "dpop+jwt", CarriesKey = true };

    private readonly Es256SigningKey key = Es256SigningKey.Generate();

    public void Dispose() => key.Dispose();

    [Theory]
    [InlineData("RFC 8725 §3.1", "none", """{"alg":"none","typ":"at+jwt"}""", JoseError.AlgorithmNotAllowed)]
    [InlineData("RFC 8725 §3.1", "None", """{"alg":"None","typ":"at+jwt"}""", JoseError.AlgorithmNotAllowed)]
    [InlineData("RFC 8725 §3.1", "nOnE with an escape", """{"alg":"nOn\u0065","typ":"at+jwt"}""", JoseError.AlgorithmNotAllowed)]
    [InlineData("RFC 8725 §3.1", "HMAC under the public key", """{"alg":"HS256","typ":"at+jwt"}""", JoseError.AlgorithmNotAllowed)]
    [InlineData("RFC 8725 §3.1", "HS384", """{"alg":"HS384","typ":"at+jwt"}""", JoseError.AlgorithmNotAllowed)]
    [InlineData("RFC 8725 §3.1", "HS512", """{"alg":"HS512","typ":"at+jwt"}""", JoseError.AlgorithmNotAllowed)]
    [InlineData("RFC 8725 §3.1", "RS256 where the profile has ES256 alone", """{"alg":"RS256","typ":"at+jwt"}""", JoseError.AlgorithmNotAllowed)]
    [InlineData("RFC 8725 §3.1", "PS256 where the profile has ES256 alone", """{"alg":"PS256","typ":"at+jwt"}""", JoseError.AlgorithmNotAllowed)]
    [InlineData("RFC 8725 §3.1", "ES384 where the profile has ES256 alone", """{"alg":"ES384","typ":"at+jwt"}""", JoseError.AlgorithmNotAllowed)]
    [InlineData("RFC 7518 §3.1", "ES512", """{"alg":"ES512","typ":"at+jwt"}""", JoseError.AlgorithmNotAllowed)]
    [InlineData("RFC 7518 §3.1", "ES256K", """{"alg":"ES256K","typ":"at+jwt"}""", JoseError.AlgorithmNotAllowed)]
    [InlineData("RFC 8037 §3.1", "EdDSA", """{"alg":"EdDSA","typ":"at+jwt"}""", JoseError.AlgorithmNotAllowed)]
    [InlineData("RFC 7515 §4.1.1", "lower case", """{"alg":"es256","typ":"at+jwt"}""", JoseError.AlgorithmNotAllowed)]
    [InlineData("RFC 7515 §4.1.1", "trailing space", """{"alg":"ES256 ","typ":"at+jwt"}""", JoseError.AlgorithmNotAllowed)]
    [InlineData("RFC 7515 §4.1.1", "NUL behind", """{"alg":"ES256\u0000","typ":"at+jwt"}""", JoseError.AlgorithmNotAllowed)]
    [InlineData("RFC 7515 §4.1.1", "empty", """{"alg":"","typ":"at+jwt"}""", JoseError.AlgorithmNotAllowed)]
    [InlineData("RFC 7515 §4.1.1", "missing", """{"typ":"at+jwt"}""", JoseError.InvalidHeader)]
    [InlineData("RFC 7515 §4.1.1", "null", """{"alg":null,"typ":"at+jwt"}""", JoseError.InvalidHeader)]
    [InlineData("RFC 7515 §4.1.1", "array", """{"alg":["ES256"],"typ":"at+jwt"}""", JoseError.InvalidHeader)]
    [InlineData("RFC 7515 §4.1.1", "number", """{"alg":256,"typ":"at+jwt"}""", JoseError.InvalidHeader)]
    [InlineData("RFC 7515 §4", "alg twice", """{"alg":"ES256","alg":"none","typ":"at+jwt"}""", JoseError.InvalidJson)]
    [InlineData("RFC 7515 §4", "alg twice, once escaped", """{"alg":"ES256","\u0061lg":"none","typ":"at+jwt"}""", JoseError.InvalidJson)]
    [InlineData("RFC 7515 §4", "alg and ALG", """{"alg":"ES256","ALG":"none","typ":"at+jwt"}""", JoseError.InvalidJson)]
    [InlineData("RFC 7515 §4", "duplicates nested", """{"alg":"ES256","typ":"at+jwt","x":{"a":1,"a":2}}""", JoseError.InvalidJson)]
    [InlineData("RFC 7515 §4", "an array", """["ES256"]""", JoseError.InvalidJson)]
    [InlineData("RFC 7515 §4", "a string", "\"ES256\"", JoseError.InvalidJson)]
    [InlineData("RFC 7515 §4", "something behind", """{"alg":"ES256","typ":"at+jwt"}x""", JoseError.InvalidJson)]
    [InlineData("RFC 7515 §4", "two objects", """{"alg":"ES256","typ":"at+jwt"}{}""", JoseError.InvalidJson)]
    [InlineData("RFC 7515 §4", "a comment", """{"alg":"ES256",/**/"typ":"at+jwt"}""", JoseError.InvalidJson)]
    [InlineData("RFC 7515 §4", "trailing comma", """{"alg":"ES256","typ":"at+jwt",}""", JoseError.InvalidJson)]
    [InlineData("RFC 7515 §4", "byte order mark", "\uFEFF{\"alg\":\"ES256\",\"typ\":\"at+jwt\"}", JoseError.InvalidJson)]
    [InlineData("RFC 7515 §4", "lone surrogate", """{"alg":"ES256","typ":"at+jwt","x":"\ud800"}""", JoseError.InvalidJson)]
    [InlineData("RFC 8725 §3.11", "no type", """{"alg":"ES256"}""", JoseError.WrongType)]
    [InlineData("RFC 9068 §4", "an ID token", """{"alg":"ES256","typ":"JWT"}""", JoseError.WrongType)]
    [InlineData("RFC 9068 §4", "a proof", """{"alg":"ES256","typ":"dpop+jwt"}""", JoseError.WrongType)]
    [InlineData("RFC 9068 §4", "a security event", """{"alg":"ES256","typ":"secevent+jwt"}""", JoseError.WrongType)]
    [InlineData("RFC 9068 §4", "an identity assertion", """{"alg":"ES256","typ":"oauth-id-jag+jwt"}""", JoseError.WrongType)]
    [InlineData("RFC 9068 §4", "a status list", """{"alg":"ES256","typ":"statuslist+jwt"}""", JoseError.WrongType)]
    [InlineData("RFC 9068 §4", "an introspection answer", """{"alg":"ES256","typ":"token-introspection+jwt"}""", JoseError.WrongType)]
    [InlineData("RFC 9068 §4", "a transaction token", """{"alg":"ES256","typ":"txntoken+jwt"}""", JoseError.WrongType)]
    [InlineData("RFC 8725 §3.11", "other case", """{"alg":"ES256","typ":"AT+JWT"}""", JoseError.WrongType)]
    [InlineData("RFC 8725 §3.11", "prefix twice", """{"alg":"ES256","typ":"application/application/at+jwt"}""", JoseError.WrongType)]
    [InlineData("RFC 8725 §3.11", "more behind", """{"alg":"ES256","typ":"at+jwt;x=1"}""", JoseError.WrongType)]
    [InlineData("RFC 8725 §3.11", "empty type", """{"alg":"ES256","typ":""}""", JoseError.WrongType)]
    [InlineData("RFC 7515 §4.1.9", "type is a number", """{"alg":"ES256","typ":1}""", JoseError.InvalidHeader)]
    [InlineData("RFC 7515 §4.1.9", "type is a list", """{"alg":"ES256","typ":["at+jwt"]}""", JoseError.InvalidHeader)]
    [InlineData("RFC 8725 §3.10", "jku", """{"alg":"ES256","typ":"at+jwt","jku":"https://evil.example/jwks"}""", JoseError.ForbiddenHeader)]
    [InlineData("RFC 8725 §3.10", "x5u", """{"alg":"ES256","typ":"at+jwt","x5u":"https://evil.example/c"}""", JoseError.ForbiddenHeader)]
    [InlineData("RFC 7515 §4.1.6", "x5c", """{"alg":"ES256","typ":"at+jwt","x5c":["MIIB"]}""", JoseError.ForbiddenHeader)]
    [InlineData("RFC 7515 §4.1.3", "jwk", """{"alg":"ES256","typ":"at+jwt","jwk":{"kty":"EC"}}""", JoseError.ForbiddenHeader)]
    [InlineData("RFC 7515 §4.1.3", "jwk escaped", """{"alg":"ES256","typ":"at+jwt","\u006awk":{"kty":"EC"}}""", JoseError.ForbiddenHeader)]
    [InlineData("RFC 7516 §4.1.3", "zip", """{"alg":"ES256","typ":"at+jwt","zip":"DEF"}""", JoseError.ForbiddenHeader)]
    [InlineData("RFC 7516 §4.1.2", "enc", """{"alg":"ES256","typ":"at+jwt","enc":"A128GCM"}""", JoseError.ForbiddenHeader)]
    [InlineData("RFC 7519 §5.2", "nested token", """{"alg":"ES256","typ":"at+jwt","cty":"JWT"}""", JoseError.ForbiddenHeader)]
    [InlineData("RFC 7515 §4.1.11", "unknown extension", """{"alg":"ES256","typ":"at+jwt","crit":["x"],"x":1}""", JoseError.CriticalHeader)]
    [InlineData("RFC 7515 §4.1.11", "empty crit", """{"alg":"ES256","typ":"at+jwt","crit":[]}""", JoseError.CriticalHeader)]
    [InlineData("RFC 7515 §4.1.11", "crit names a known parameter", """{"alg":"ES256","typ":"at+jwt","crit":["alg"]}""", JoseError.CriticalHeader)]
    [InlineData("RFC 7515 §4.1.11", "crit is null", """{"alg":"ES256","typ":"at+jwt","crit":null}""", JoseError.CriticalHeader)]
    [InlineData("RFC 7797 §6", "unencoded payload", """{"alg":"ES256","typ":"at+jwt","b64":false,"crit":["b64"]}""", JoseError.CriticalHeader)]
    [InlineData("RFC 7797 §6", "b64 alone", """{"alg":"ES256","typ":"at+jwt","b64":true}""", JoseError.CriticalHeader)]
    [InlineData("RFC 7515 §4.1.4", "kid is a number", """{"alg":"ES256","typ":"at+jwt","kid":1}""", JoseError.InvalidHeader)]
    [InlineData("RFC 7515 §4.1.4", "kid is empty", """{"alg":"ES256","typ":"at+jwt","kid":""}""", JoseError.InvalidHeader)]
    [InlineData("RFC 7515 §4.1.4", "kid is an object", """{"alg":"ES256","typ":"at+jwt","kid":{}}""", JoseError.InvalidHeader)]
    public void A_hostile_header_is_refused_before_any_key_is_asked_for(string clause, string what, string header, JoseError error)
    {
        var read = Read($"{Encode(header)}.e30.{Base64Url.Encode(new byte[64])}", AccessToken);
        Assert.True(error == read, $"{clause}, {what}: {read}");
    }

    [Theory]
    [InlineData("RFC 7515 §7.1", "")]
    [InlineData("RFC 7515 §7.1", ".")]
    [InlineData("RFC 7515 §7.1", "..")]
    [InlineData("RFC 7515 §7.1", "{h}")]
    [InlineData("RFC 7515 §7.1", "{h}.e30")]
    [InlineData("RFC 7515 §7.1", "{h}.e30.")]
    [InlineData("RFC 7515 §7.1", ".e30.AAAA")]
    [InlineData("RFC 7515 §7.1", "{h}.e30.AAAA.AAAA")]
    [InlineData("RFC 7516 §9", "{h}.e30.AAAA.AAAA.AAAA")]
    [InlineData("RFC 7515 §2", "{h}=.e30.AAAA")]
    [InlineData("RFC 7515 §2", "{h}.e30=.AAAA")]
    [InlineData("RFC 7515 §2", "{h}.e30.AAA=")]
    [InlineData("RFC 7515 §2", "{h}.e30.AA+A")]
    [InlineData("RFC 7515 §2", "{h}.e30.AA/A")]
    [InlineData("RFC 7515 §2", " {h}.e30.AAAA")]
    [InlineData("RFC 7515 §2", "{h}.e30.AAAA\n")]
    [InlineData("RFC 7515 §2", "{h}.e3 0.AAAA")]
    [InlineData("RFC 7515 §2", "{h}.e31.AAAA")]
    [InlineData("RFC 7515 §2", "{h}.e30.AB")]
    [InlineData("RFC 7515 §2", "{h}.e30.A")]
    [InlineData("RFC 7515 §2", "{h}.e30.AAAA\0")]
    [InlineData("RFC 7515 §7.2", """{"payload":"e30","protected":"e30","signature":"AAAA"}""")]
    public void What_is_not_three_parts_of_strict_base64url_is_malformed(string clause, string token)
    {
        var read = Read(token.Replace("{h}", Encode("""{"alg":"ES256","typ":"at+jwt"}"""), StringComparison.Ordinal), AccessToken);
        Assert.True(read == JoseError.Malformed, $"{clause}: {read}");
    }

    [Fact]
    [Trait("clause", "RFC 7518 §3.4")]
    public void Every_length_of_signature_but_64_bytes_is_refused()
    {
        var token = key.Sign("at+jwt", "{}"u8);
        var signature = Base64Url.Decode(Encoding.ASCII.GetBytes(token[(token.LastIndexOf('.') + 1)..]))!;
        Assert.Equal(JoseError.None, Verify(token));
        foreach (var length in new[] { 1, 32, 63, 65, 72, 96, 128 })
        {
            var other = new byte[length];
            signature.AsSpan(0, Math.Min(64, length)).CopyTo(other);
            Assert.Equal(JoseError.InvalidSignature, Verify($"{token[..token.LastIndexOf('.')]}.{Base64Url.Encode(other)}"));
        }
        Assert.Equal(JoseError.InvalidSignature, Verify($"{token[..token.LastIndexOf('.')]}.{Base64Url.Encode(new byte[64])}"));
    }

    [Fact]
    [Trait("clause", "RFC 7515 §5.2")]
    public void A_token_with_any_one_character_changed_is_refused()
    {
        var token = key.Sign("at+jwt", """{"sub":"alice"}"""u8);
        for (var at = 0; at < token.Length; at++)
        {
            var changed = token.ToCharArray();
            changed[at] = changed[at] == 'A' ? 'B' : 'A';
            Assert.NotEqual(JoseError.None, Verify(new string(changed)));
        }
    }

    [Fact]
    public void Tokens_and_headers_over_their_bounds_are_refused()
    {
        Assert.Equal(JoseError.TooLarge, Read(new string('A', (16 * 1024) + 1), AccessToken));
        Assert.Equal(JoseError.TooLarge, Read($"{Encode(new string(' ', 4096))}.e30.AAAA", AccessToken));
        Assert.Equal(JoseError.InvalidHeader, Read($"{Encode($$"""{"alg":"ES256","typ":"at+jwt","kid":"{{new string('k', 257)}}"}""")}.e30.AAAA", AccessToken));
    }

    [Fact]
    [Trait("clause", "RFC 9449 §4.2")]
    public void A_proof_carries_the_key_that_verifies_it_and_only_a_proof_does()
    {
        var proof = Encoding.ASCII.GetBytes(key.Sign("dpop+jwt", "{}"u8, carriesKey: true));
        Assert.Equal(JoseError.None, Jws.Read(proof, Proof, new byte[proof.Length], out var jws));
        Assert.Equal(JoseError.None, Jwk.Parse(jws.Header.Key, out var carried));
        Assert.Equal(key.PublicKey.Thumbprint, carried!.Thumbprint);
        Assert.Equal(JoseError.None, jws.Verify(VerificationKey.Import(carried)!, out var payload));
        Assert.True(payload.SequenceEqual("{}"u8));
        Assert.Equal(JoseError.InvalidHeader, Read(key.Sign("dpop+jwt", "{}"u8), Proof));
        Assert.Equal(JoseError.ForbiddenHeader, Read(key.Sign("at+jwt", "{}"u8, carriesKey: true), AccessToken));
    }

    [Fact]
    [Trait("clause", "RFC 8725 §3.1")]
    public void A_key_of_another_algorithm_is_no_key_for_the_token()
    {
        using var rsa = System.Security.Cryptography.RSA.Create(2048);
        var parameters = rsa.ExportParameters(false);
        var json = $$"""{"kty":"RSA","n":"{{Base64Url.Encode(parameters.Modulus)}}","e":"AQAB"}""";
        Assert.Equal(JoseError.None, Jwk.Parse(Encoding.UTF8.GetBytes(json), out var jwk));
        var token = Encoding.ASCII.GetBytes(key.Sign("at+jwt", "{}"u8));
        Assert.Equal(JoseError.None, Jws.Read(token, AccessToken, new byte[token.Length], out var jws));
        Assert.Equal(JoseError.KeyMismatch, jws.Verify(VerificationKey.Import(jwk!)!, out var payload));
        Assert.True(payload.IsEmpty);
    }

    private JoseError Verify(string token)
    {
        var bytes = Encoding.UTF8.GetBytes(token);
        var read = Jws.Read(bytes, AccessToken, new byte[bytes.Length], out var jws);
        return read != JoseError.None ? read : jws.Verify(VerificationKey.Import(key.PublicKey)!, out _);
    }

    private static JoseError Read(string token, JwsProfile profile)
    {
        var bytes = Encoding.UTF8.GetBytes(token);
        return Jws.Read(bytes, profile, new byte[bytes.Length], out _);
    }

    private static string Encode(string text) => Base64Url.Encode(Encoding.UTF8.GetBytes(text));
}
