using System.Text;
using System.Text.Json;
using Symbolon.Jose;
using Symbolon.Jose.Keys;
using Symbolon.Jose.Signatures;

namespace Symbolon.UnitTests.Jose;

[Trait("area", "jose")]
public sealed class WycheproofTests
{
    private static readonly JwsProfile AnyKnown = new()
    {
        Type = "JWT",
        TypeMayBeMissing = true,
        Algorithms = JwsAlgorithm.ES256 | JwsAlgorithm.ES384 | JwsAlgorithm.RS256 | JwsAlgorithm.PS256,
    };

    /// <summary>Where libraries differ, each with the reason for which it is refused here.</summary>
    private static readonly Dictionary<int, string> Exceptions = new()
    {
        [346] = "valid, but the key says PS256 and the signature PS384", [350] = "as 346",
        [347] = "valid, but the key says ES521, which is no algorithm, and the signature ES512", [351] = "as 347",
        [357] = "valid, but HS256", [367] = "the valid 357 byte by byte", [370] = "the valid 357 byte by byte",
        [372] = "valid, but there is a ? in the header, and it is HS256", [373] = "valid, but there is a ? in the payload, and it is HS256",
        [360] = "a blank in the signature, which lax decoders accept", [365] = "a blank in the header, which lax decoders accept",
        [368] = "a blank in the payload, which lax decoders accept", [375] = "a payload of one digit too few, which lax decoders accept",
    };

    [Fact]
    [Trait("clause", "RFC 7518 §3.4")]
    public void Every_ECDSA_vector_gets_its_verdict()
    {
        using var file = JsonDocument.Parse(JoseVectors.Read("wycheproof/ecdsa_secp256r1_sha256_p1363_test.json"));
        var count = 0;
        foreach (var group in file.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            var point = Convert.FromHexString(group.GetProperty("publicKey").GetProperty("uncompressed").GetString()!);
            var json = $$"""{"kty":"EC","crv":"P-256","x":"{{Base64Url.Encode(point.AsSpan(1, 32))}}","y":"{{Base64Url.Encode(point.AsSpan(33, 32))}}"}""";
            Assert.Equal(JoseError.None, Jwk.Parse(Encoding.UTF8.GetBytes(json), out var jwk));
            var key = VerificationKey.Import(jwk!);
            Assert.NotNull(key);
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                var verified = key.Verify(
                    Convert.FromHexString(test.GetProperty("msg").GetString()!), Convert.FromHexString(test.GetProperty("sig").GetString()!));
                Assert.True(verified == (test.GetProperty("result").GetString() == "valid"), $"tcId {test.GetProperty("tcId")}");
                count++;
            }
        }
        Assert.Equal(262, count);
    }

    [Fact]
    [Trait("clause", "RFC 7515 §5.2")]
    public void Every_JWS_vector_gets_its_verdict_and_algorithms_that_we_do_not_have_are_refused()
    {
        using var file = JsonDocument.Parse(JoseVectors.Read("wycheproof/json_web_signature_test.json"));
        var wrong = new List<string>();
        var count = 0;
        var accepted = 0;
        var exceptions = 0;
        foreach (var group in file.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            var key = group.TryGetProperty("public", out var found) ? found : group.GetProperty("private");
            var known = key.GetProperty("kty").GetString() != "oct"
                && (!key.TryGetProperty("alg", out var algorithm) || algorithm.GetString() is "ES256" or "ES384" or "RS256" or "PS256");
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                var id = test.GetProperty("tcId").GetInt32();
                var expected = known && test.GetProperty("result").GetString() == "valid" && !Exceptions.ContainsKey(id);
                var verdict = Verify(key.GetRawText(), test.GetProperty("jws"));
                if (expected != (verdict == JoseError.None)) wrong.Add($"{id} {test.GetProperty("comment")}: {verdict}");
                if (verdict == JoseError.None) accepted++;
                if (Exceptions.ContainsKey(id)) exceptions++;
                count++;
            }
        }
        Assert.Empty(wrong);
        Assert.Equal((401, Exceptions.Count), (count, exceptions));
        Assert.Equal(16, accepted);
    }

    [Fact]
    [Trait("clause", "RFC 7517 §5")]
    public void Every_JWK_vector_gets_its_verdict_and_symmetric_keys_are_refused()
    {
        using var file = JsonDocument.Parse(JoseVectors.Read("wycheproof/json_web_key_test.json"));
        var wrong = new List<string>();
        var count = 0;
        foreach (var group in file.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            var hasPublic = group.TryGetProperty("public", out var set);
            if (!hasPublic) set = group.GetProperty("private");
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                var expected = hasPublic && test.GetProperty("result").GetString() == "valid";
                if (expected != VerifiesWithSet(set.GetRawText(), test.GetProperty("jws").GetString()!)) wrong.Add($"{test.GetProperty("tcId")} {test.GetProperty("comment")}");
                count++;
            }
        }
        Assert.Empty(wrong);
        Assert.Equal(26, count);
    }

    private static JoseError Verify(string key, JsonElement token)
    {
        // Some vectors are in the JSON form, which we do not have.
        var bytes = Encoding.UTF8.GetBytes(token.ValueKind == JsonValueKind.String ? token.GetString()! : token.GetRawText());
        if (Jwk.Parse(Encoding.UTF8.GetBytes(key), out var jwk) is var parsed and not JoseError.None) return parsed;
        if (VerificationKey.Import(jwk!) is not { } imported) return JoseError.InvalidKey;
        var read = Jws.Read(bytes, AnyKnown, new byte[bytes.Length], out var jws);
        return read != JoseError.None ? read : jws.Verify(imported, out _);
    }

    private static bool VerifiesWithSet(string set, string token)
    {
        var bytes = Encoding.UTF8.GetBytes(token);
        if (JwkSet.Parse(Encoding.UTF8.GetBytes(set), out var keys) != JoseError.None) return false;
        if (Jws.Read(bytes, AnyKnown, new byte[bytes.Length], out var jws) != JoseError.None) return false;
        var id = jws.Header.KeyId.IsEmpty ? null : Encoding.UTF8.GetString(jws.Header.KeyId);
        return keys!.Find(id, jws.Header.Algorithm) is { } jwk && VerificationKey.Import(jwk) is { } key && jws.Verify(key, out _) == JoseError.None;
    }
}
