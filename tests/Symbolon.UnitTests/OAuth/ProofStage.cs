using System.Security.Cryptography;
using System.Text;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Jose;
using Symbolon.Jose.Proofs;
using Symbolon.Testing.Fakes;

namespace Symbolon.UnitTests.OAuth;

/// <summary>A validator, a clock, a key, and proofs of any text, signed by the platform's own cryptography.</summary>
internal sealed class ProofStage : IDisposable
{
    public const string Url = "https://symbolon.example/mcp/deploy";

    /// <summary>The access token of RFC 9449 §7.1.</summary>
    public const string Token = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";

    private static int made;
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public ProofStage() => Validator = NewValidator();

    public FakeClock Clock { get; } = new();

    public ProofValidator Validator { get; }

    public long Now => Clock.GetUtcNow().ToUnixTimeSeconds();

    public string Jwk
    {
        get
        {
            var point = key.ExportParameters(false).Q;
            return $$"""{"crv":"P-256","kty":"EC","x":"{{Base64Url.Encode(point.X)}}","y":"{{Base64Url.Encode(point.Y)}}"}""";
        }
    }

    public Sha256Value Thumbprint => Sha256Value.Of(Encoding.ASCII.GetBytes(Jwk));

    public ProofRequest Request => new()
    {
        Organisation = OrganisationId.Default, Method = "POST", Target = ProofTarget.Of(Url),
        AccessToken = Sha256Value.Of(Encoding.ASCII.GetBytes(Token)), BoundTo = Thumbprint,
    };

    public Dictionary<string, string> Header => new()
    {
        ["typ"] = "\"typ\":\"dpop+jwt\"", ["alg"] = "\"alg\":\"ES256\"", ["jwk"] = $"\"jwk\":{Jwk}",
    };

    public Dictionary<string, string> Payload => new()
    {
        ["jti"] = $"\"jti\":\"{Interlocked.Increment(ref made)}\"", ["htm"] = "\"htm\":\"POST\"", ["htu"] = $"\"htu\":\"{Url}\"", ["iat"] = $"\"iat\":{Now}",
        ["ath"] = "\"ath\":\"fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo\"",
    };

    /// <summary>Another node with the same master key and the same time.</summary>
    public ProofValidator NewValidator(ProofLimits? limits = null) => new(new ProofNonces(new FakeSecretBox(), Clock), Clock, limits ?? new ProofLimits());

    /// <param name="member">The member of the payload that is replaced.</param>
    /// <param name="text">The member's whole text, or several members; empty leaves it out.</param>
    public string Proof(string member = "", string text = "") => Sign(TextOf(Header), TextOf(With(Payload, member, text)));

    public string ProofWithHeader(string member, string text) => Sign(TextOf(With(Header, member, text)), TextOf(Payload));

    public string Sign(string header, string payload) => Sign(Encoding.UTF8.GetBytes(header), Encoding.UTF8.GetBytes(payload));

    public string Sign(byte[] header, byte[] payload)
    {
        var signed = $"{Base64Url.Encode(header)}.{Base64Url.Encode(payload)}";
        return $"{signed}.{Base64Url.Encode(SignatureOf(signed, DSASignatureFormat.IeeeP1363FixedFieldConcatenation))}";
    }

    public byte[] SignatureOf(string signed, DSASignatureFormat format) => key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, format);

    public ProofVerdict Check(string proof) => Validator.Check(1, proof, Request);

    public ProofVerdict Check(string proof, in ProofRequest request) => Validator.Check(1, proof, request);

    public static ProofFault? FaultOf(ProofVerdict verdict) => (verdict as ProofVerdict.Refused)?.Refusal.Fault;

    public static string TextOf(Dictionary<string, string> members) => $"{{{string.Join(',', members.Values)}}}";

    public static Dictionary<string, string> With(Dictionary<string, string> members, string member, string text)
    {
        members.Remove(member);
        if (text.Length > 0) members[member] = text;
        return members;
    }

    public void Dispose() => key.Dispose();
}
