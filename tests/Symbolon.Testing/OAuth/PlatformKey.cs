using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Symbolon.Jose;

namespace Symbolon.Testing.OAuth;

/// <summary>The RSA key of a platform that says who its workloads are, made and used by the framework's own cryptography.</summary>
public sealed class PlatformKey(string id = "key-1", int bits = 2048) : IDisposable
{
    private readonly RSA key = RSA.Create(bits);

    public string Id => id;

    public string Jwk
    {
        get
        {
            var found = key.ExportParameters(includePrivateParameters: false);
            return $$"""{"kty":"RSA","use":"sig","alg":"RS256","kid":"{{id}}","n":"{{Base64Url.Encode(found.Modulus)}}","e":"{{Base64Url.Encode(found.Exponent)}}"}""";
        }
    }

    public string Set => SetOf(this);

    public static string SetOf(params PlatformKey[] keys) => $$"""{"keys":[{{string.Join(',', keys.Select(each => each.Jwk))}}]}""";

    /// <param name="header">Another header than that of Kubernetes.</param>
    public string Sign(JsonNode claims, string? header = null)
    {
        var text = $"{Encode(header ?? $$"""{"alg":"RS256","kid":"{{id}}"}""")}.{Encode(claims.ToJsonString())}";
        return $"{text}.{Base64Url.Encode(key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    public void Dispose() => key.Dispose();

    private static string Encode(string text) => Base64Url.Encode(Encoding.UTF8.GetBytes(text));
}
