using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Symbolon.EndToEndTests.Jose;

/// <summary>Signs whatever header and payload it is given, by the platform's own cryptography and nothing of ours.</summary>
internal sealed class TokenSigner : IDisposable
{
    private readonly ECDsa? curve;
    private readonly RSA? rsa;

    /// <param name="algorithm">ES256, ES384, RS256 or PS256.</param>
    public TokenSigner(string algorithm)
    {
        Algorithm = algorithm;
        if (algorithm.StartsWith("ES", StringComparison.Ordinal)) curve = ECDsa.Create(algorithm == "ES256" ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384);
        else rsa = RSA.Create(2048);
    }

    public string Algorithm { get; }

    public JsonObject PublicKey
    {
        get
        {
            if (curve is not null)
            {
                var point = curve.ExportParameters(false).Q;
                return new() { ["kty"] = "EC", ["crv"] = Algorithm == "ES256" ? "P-256" : "P-384", ["x"] = Base64Url.EncodeToString(point.X), ["y"] = Base64Url.EncodeToString(point.Y) };
            }
            var numbers = rsa!.ExportParameters(false);
            return new() { ["kty"] = "RSA", ["alg"] = Algorithm, ["n"] = Base64Url.EncodeToString(numbers.Modulus), ["e"] = Base64Url.EncodeToString(numbers.Exponent) };
        }
    }

    public string Sign(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        var signed = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(payload)}";
        return $"{signed}.{Base64Url.EncodeToString(SignatureOf(Encoding.ASCII.GetBytes(signed), DSASignatureFormat.IeeeP1363FixedFieldConcatenation))}";
    }

    /// <param name="format">Of a signature by a curve.</param>
    public byte[] SignatureOf(byte[] signed, DSASignatureFormat format) => curve is not null
        ? curve.SignData(signed, Algorithm == "ES384" ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256, format)
        : rsa!.SignData(signed, HashAlgorithmName.SHA256, Algorithm == "PS256" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);

    public void Dispose()
    {
        curve?.Dispose();
        rsa?.Dispose();
    }
}
