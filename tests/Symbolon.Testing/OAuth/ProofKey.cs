using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Symbolon.Jose;

namespace Symbolon.Testing.OAuth;

/// <summary>The key of a client that proves it (RFC 9449), made and used by the platform's own cryptography.</summary>
public sealed class ProofKey : IDisposable
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>The public key, as RFC 7638 wants it for its thumbprint.</summary>
    public string Jwk
    {
        get
        {
            var point = key.ExportParameters(includePrivateParameters: false).Q;
            return $$"""{"crv":"P-256","kty":"EC","x":"{{Base64Url.Encode(point.X)}}","y":"{{Base64Url.Encode(point.Y)}}"}""";
        }
    }

    public Sha256Value Thumbprint => Sha256Value.Of(Encoding.ASCII.GetBytes(Jwk));

    /// <summary>An honest proof.</summary>
    /// <param name="now">Seconds since the Unix epoch.</param>
    public string Proof(string method, string url, long now, string? token = null, string? nonce = null) => Sign(Claims(method, url, now, token, nonce));

    /// <summary>The claims of an honest proof, to be changed by a test that is not.</summary>
    public static JsonObject Claims(string method, string url, long now, string? token = null, string? nonce = null)
    {
        var claims = new JsonObject { ["jti"] = Guid.NewGuid().ToString(), ["htm"] = method, ["htu"] = url, ["iat"] = now };
        if (token is not null) claims["ath"] = Base64Url.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(token)));
        if (nonce is not null) claims["nonce"] = nonce;
        return claims;
    }

    public string Sign(JsonObject claims, string type = "dpop+jwt") => Sign(claims, $$"""{"typ":"{{type}}","alg":"ES256","jwk":{{Jwk}}}""", this);

    /// <summary>A client's assertion, signed by the same key under its thumbprint as <c>kid</c>.</summary>
    public string Assert(JsonObject claims) => Sign(claims, $$"""{"typ":"client-authentication+jwt","alg":"ES256","kid":"{{Thumbprint}}"}""", this);

    private static string Sign(JsonObject claims, string header, ProofKey by)
    {
        var key = by.key;
        var text = $"{Encode(header)}.{Encode(claims.ToJsonString())}";
        return $"{text}.{Base64Url.Encode(key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256))}";
    }

    public void Dispose() => key.Dispose();

    private static string Encode(string text) => Base64Url.Encode(Encoding.UTF8.GetBytes(text));
}
