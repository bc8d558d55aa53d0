using System.Security.Cryptography;
using System.Text;
using Symbolon.Jose;
using Symbolon.Jose.Keys;
using Symbolon.Jose.Signatures;

namespace Symbolon.UnitTests.Jose;

[Trait("area", "jose")]
public sealed class JwsRfcTests
{
    private const string Claims = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

    [Fact]
    [Trait("clause", "RFC 7515 §A.3")]
    public void The_ES256_example_verifies_under_its_key()
    {
        const string key = """{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}""";
        const string token = $"eyJhbGciOiJFUzI1NiJ9.{Claims}.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
        Assert.Equal(JoseError.None, Verify(token, key, JwsAlgorithm.ES256));
        Assert.Equal(JoseError.AlgorithmNotAllowed, Verify(token, key, JwsAlgorithm.RS256));
    }

    [Fact]
    [Trait("clause", "RFC 7515 §4.1.9")]
    public void The_prefix_application_makes_no_other_type()
    {
        using var key = Es256SigningKey.Generate();
        var token = Encoding.ASCII.GetBytes(key.Sign("application/at+jwt", "{}"u8));
        Assert.Equal(JoseError.None, Jws.Read(token, new JwsProfile { Type = "at+jwt" }, new byte[token.Length], out var jws));
        Assert.Equal(key.PublicKey.Thumbprint.ToString(), Encoding.ASCII.GetString(jws.Header.KeyId));
    }

    [Fact]
    public void A_signing_key_survives_its_export_and_no_other_curve_is_taken_for_one()
    {
        using var key = Es256SigningKey.Generate();
        using var again = Es256SigningKey.FromPkcs8(key.ExportPkcs8());
        Assert.Equal(key.PublicKey.Thumbprint, again.PublicKey.Thumbprint);
        using var wide = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var pkcs8 = wide.ExportPkcs8PrivateKey();
        Assert.ThrowsAny<CryptographicException>(() => Es256SigningKey.FromPkcs8(pkcs8));
    }

    [Fact]
    public void Reading_a_token_and_hashing_it_allocates_nothing_and_verifying_again_what_the_framework_does()
    {
        using var signing = Es256SigningKey.Generate();
        var token = Encoding.ASCII.GetBytes(signing.Sign("at+jwt", """{"sub":"alice"}"""u8));
        var profile = new JwsProfile { Type = "at+jwt" };
        var cache = new VerificationKeyCache(4);
        var scratch = new byte[token.Length];
        var seen = new Dictionary<Sha256Value, int> { [Sha256Value.Of(token)] = 1 };
        Once(verify: true);
        Once(verify: false);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) Once(verify: false);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) Once(verify: true);
        var ours = GC.GetAllocatedBytesForCurrentThread() - before;

        using var bare = ECDsa.Create();
        bare.ImportPkcs8PrivateKey(signing.ExportPkcs8(), out _);
        // The same signature: the leading zeros of another one change what the framework needs.
        var dot = token.AsSpan().LastIndexOf((byte)'.');
        var hash = SHA256.HashData(token.AsSpan(0, dot));
        var signature = System.Buffers.Text.Base64Url.DecodeFromUtf8(token.AsSpan(dot + 1));
        Assert.True(bare.VerifyHash(hash, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
        before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) bare.VerifyHash(hash, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        Assert.InRange(ours, 0, GC.GetAllocatedBytesForCurrentThread() - before + (100 * 32));

        void Once(bool verify)
        {
            Assert.True(seen.ContainsKey(Sha256Value.Of(token)));
            Assert.True(Jws.Read(token, profile, scratch, out var jws) == JoseError.None);
            if (verify) Assert.True(jws.Verify(cache.Get(signing.PublicKey)!, out _) == JoseError.None);
        }
    }

    private static JoseError Verify(string token, string key, JwsAlgorithm algorithms)
    {
        Assert.Equal(JoseError.None, Jwk.Parse(Encoding.ASCII.GetBytes(key), out var jwk));
        var bytes = Encoding.ASCII.GetBytes(token);
        var read = Jws.Read(bytes, new JwsProfile { Type = "JWT", TypeMayBeMissing = true, Algorithms = algorithms }, new byte[bytes.Length], out var jws);
        return read != JoseError.None ? read : jws.Verify(VerificationKey.Import(jwk!)!, out _);
    }
}
