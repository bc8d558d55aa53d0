using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Symbolon.Jose.Keys;

namespace Symbolon.Jose.Signatures;

/// <summary>A private P-256 key that signs ES256 (RFC 7518 §3.4). Its <c>kid</c> is its thumbprint. The key never leaves but as PKCS #8.</summary>
public sealed class Es256SigningKey : IDisposable
{
    private readonly ECDsa key;

    private Es256SigningKey(ECDsa key)
    {
        this.key = key;
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        PublicKey = new(JwsAlgorithm.ES256, point.X!, point.Y!, keyId: null);
    }

    public Jwk PublicKey { get; }

    public static Es256SigningKey Generate() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <exception cref="CryptographicException">Not PKCS #8 of a P-256 key, or something behind it.</exception>
    public static Es256SigningKey FromPkcs8(ReadOnlySpan<byte> pkcs8)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportPkcs8PrivateKey(pkcs8, out var read);
            if (read != pkcs8.Length || key.ExportParameters(false).Curve.Oid.Value != ECCurve.NamedCurves.nistP256.Oid.Value)
                throw new CryptographicException("Not a P-256 key.");
            return new(key);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>The private key in clear: whoever asks for it seals it.</summary>
    public byte[] ExportPkcs8() => key.ExportPkcs8PrivateKey();

    /// <summary>Signs a compact JWS whose header is <c>alg</c>, <c>typ</c> and <c>kid</c>, or <c>jwk</c> instead of <c>kid</c> for a DPoP proof.</summary>
    /// <param name="type">Without <c>application/</c>.</param>
    /// <param name="payload">JSON, as it is to be signed.</param>
    public string Sign(string type, ReadOnlySpan<byte> payload, bool carriesKey = false)
    {
        // The usual encoder escapes the + of every type, which some readers do not undo.
        var identity = carriesKey ? $"\"jwk\":{PublicKey.RequiredMembers()}" : $"\"kid\":\"{PublicKey.Thumbprint}\"";
        var header = $"{{\"alg\":\"ES256\",\"typ\":\"{JsonEncodedText.Encode(type, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\",{identity}}}";
        var signed = $"{Base64Url.Encode(Encoding.UTF8.GetBytes(header))}.{Base64Url.Encode(payload)}";
        var signature = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return $"{signed}.{Base64Url.Encode(signature)}";
    }

    public void Dispose() => key.Dispose();
}
