using System.Security.Cryptography;

namespace Symbolon.Jose.Keys;

/// <summary>
/// An imported public key. Importing costs twice as much as verifying, so it is kept. It is never disposed by hand: a key that a cache let go
/// may still be verifying on another thread, and its handle is freed by the finalizer once nobody holds it.
/// </summary>
public sealed class VerificationKey
{
    private readonly ECDsa? curve;
    private readonly RSA? rsa;

    private VerificationKey(Jwk jwk, ECDsa? curve, RSA? rsa)
    {
        Jwk = jwk;
        this.curve = curve;
        this.rsa = rsa;
    }

    public Jwk Jwk { get; }

    public JwsAlgorithm Algorithm => Jwk.Algorithm;

    public Sha256Value Thumbprint => Jwk.Thumbprint;

    /// <returns>The key, or null when its point is not on the curve, or the platform refuses it (RFC 7518 §6.2.1).</returns>
    public static VerificationKey? Import(Jwk jwk)
    {
        try
        {
            if (jwk.IsRsa) return new(jwk, null, RSA.Create(new RSAParameters { Modulus = jwk.First, Exponent = jwk.Second }));
            var named = jwk.Algorithm == JwsAlgorithm.ES256 ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384;
            return new(jwk, ECDsa.Create(new ECParameters { Curve = named, Q = new ECPoint { X = jwk.First, Y = jwk.Second } }), null);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Verifies under the key's own algorithm. Safe to call from many threads.</summary>
    /// <param name="signature">ECDSA: exactly r and s at full length, never DER (RFC 7518 §3.4). RSA: exactly the length of the modulus (RFC 8017 §8.2.2).</param>
    public bool Verify(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        var size = curve is null ? Jwk.First.Length : Jwk.First.Length * 2;
        if (signature.Length != size) return false;
        Span<byte> hash = stackalloc byte[SHA384.HashSizeInBytes];
        var wide = Algorithm == JwsAlgorithm.ES384;
        var length = wide ? SHA384.HashData(signed, hash) : SHA256.HashData(signed, hash);
        if (curve is not null) return curve.VerifyHash(hash[..length], signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return rsa!.VerifyHash(hash[..length], signature, HashAlgorithmName.SHA256,
            Algorithm == JwsAlgorithm.PS256 ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
    }
}
