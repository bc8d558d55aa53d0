using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Symbolon.Jose;

namespace Symbolon.Client.Keys;

/// <summary>What an instance signs: that it is a client (RFC 7523), and that a request is its own (RFC 9449).</summary>
internal static class SignedClaims
{
    private const long AssertionSeconds = 60;
    private const int IdBytes = 16;

    // Addresses in clear, as everybody else writes them.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary><c>private_key_jwt</c>: for one request, to this issuer alone.</summary>
    /// <param name="successor">The key that shall take the place of this one: only an assertion that names it (<c>cnf.jkt</c>) vouches for it. Null for none.</param>
    public static string Assertion(InstanceKey key, string client, string issuer, TimeProvider clock, InstanceKey? successor = null)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        return key.Sign("client-authentication+jwt", Write(json =>
        {
            json.WriteString("iss", client);
            json.WriteString("sub", client);
            json.WriteString("aud", issuer);
            json.WriteNumber("iat", now);
            json.WriteNumber("exp", now + AssertionSeconds);
            if (successor is null) return;
            json.WriteStartObject("cnf");
            json.WriteString("jkt", successor.Thumbprint);
            json.WriteEndObject();
        }), carriesKey: false);
    }

    /// <param name="accessToken">The token that goes with the request; null where none does.</param>
    /// <exception cref="ArgumentException">The address names a user.</exception>
    public static string Proof(InstanceKey key, HttpMethod method, Uri url, string? accessToken, string? nonce, TimeProvider clock)
    {
        if (url.UserInfo.Length > 0) throw new ArgumentException("An address with user information cannot be proved.", nameof(url));
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        return key.Sign("dpop+jwt", Write(json =>
        {
            json.WriteString("htm", method.Method);
            json.WriteString("htu", url.GetLeftPart(UriPartial.Path));
            json.WriteNumber("iat", now);
            if (accessToken is not null) json.WriteString("ath", Sha256Value.Of(Encoding.ASCII.GetBytes(accessToken)).ToString());
            if (nonce is not null) json.WriteString("nonce", nonce);
        }), carriesKey: true);
    }

    private static ReadOnlySpan<byte> Write(Action<Utf8JsonWriter> claims)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer, Plain);
        json.WriteStartObject();
        json.WriteString("jti", Base64Url.Encode(RandomNumberGenerator.GetBytes(IdBytes)));
        claims(json);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan;
    }
}
