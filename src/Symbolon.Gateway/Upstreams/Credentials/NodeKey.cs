using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Symbolon.Jose;
using Symbolon.Jose.Signatures;

namespace Symbolon.Gateway.Upstreams.Credentials;

/// <summary>
/// The key of this node to which its tokens for servers are bound: whoever takes one of them elsewhere cannot prove it. It lives as long as the process, and
/// in its memory alone.
/// </summary>
internal sealed class NodeKey(TimeProvider clock) : IDisposable
{
    private const int IdBytes = 16;

    private readonly Es256SigningKey key = Es256SigningKey.Generate();

    public Sha256Value Thumbprint => key.PublicKey.Thumbprint;

    /// <summary>A proof for one request (RFC 9449 §4.2).</summary>
    /// <param name="tokenHash">Of the token that goes with it (<c>ath</c>).</param>
    public string Prove(HttpMethod method, Uri url, string tokenHash)
    {
        var payload = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(payload);
        json.WriteStartObject();
        json.WriteString("jti", NewId());
        json.WriteString("htm", method.Method);
        // Without query and fragment.
        json.WriteString("htu", url.GetLeftPart(UriPartial.Path));
        json.WriteNumber("iat", clock.GetUtcNow().ToUnixTimeSeconds());
        json.WriteString("ath", tokenHash);
        json.WriteEndObject();
        json.Flush();
        return key.Sign("dpop+jwt", payload.WrittenSpan, carriesKey: true);
    }

    public void Dispose() => key.Dispose();

    private static string NewId()
    {
        Span<byte> id = stackalloc byte[IdBytes];
        RandomNumberGenerator.Fill(id);
        return Base64Url.Encode(id);
    }
}
