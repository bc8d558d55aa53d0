using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Symbolon.Core.OAuth;

namespace Symbolon.AuthorizationServer.Forms;

/// <summary>
/// The parameters of a request to one of our endpoints: a POST with a form in UTF-8, each parameter once, nothing in the address
/// (RFC 6749 §3.2 and Appendix B). One without a value counts as left out. Only <c>resource</c> (RFC 8707 §2) and <c>audience</c>
/// (RFC 8693 §2.1) may come more than once.
/// </summary>
internal sealed class OAuthForm
{
    private const int MostBytes = 64 * 1024;
    private const int MostParameters = 64;
    private const string MediaType = "application/x-www-form-urlencoded";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    /// <summary>The value, or null when it was left out.</summary>
    public string? this[string name] => values.GetValueOrDefault(name);

    /// <summary>Every <c>resource</c>, in their order.</summary>
    public List<string> Resources { get; } = [];

    /// <summary>Every <c>audience</c>, in their order.</summary>
    public List<string> Audiences { get; } = [];

    /// <returns>The form, or why it cannot be read.</returns>
    public static async Task<OAuthOutcome<OAuthForm>> ReadAsync(HttpContext http)
    {
        var request = http.Request;
        if (request.QueryString.HasValue) return OAuthError.InvalidRequest("Parameters belong into the body, never into the address.");
        if (!IsForm(request.ContentType) || request.Headers.ContentEncoding.Count > 0)
            return OAuthError.InvalidRequest($"The body has to be a form: Content-Type {MediaType}.");
        if (await ReadBodyAsync(http) is not { } body) return OAuthError.InvalidRequest($"The body has more than {MostBytes} bytes.");
        return Parse(body);
    }

    /// <summary>All of it as a form again, in no order of its own, without these names.</summary>
    public string Encode(params ReadOnlySpan<string> without)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in values)
            if (!without.Contains(name)) Append(name, value);
        foreach (var resource in Resources) Append(OAuthParameter.Resource, resource);
        foreach (var audience in Audiences) Append(OAuthParameter.AudienceParameter, audience);
        return text.ToString();

        void Append(string name, string value) =>
            text.Append(text.Length == 0 ? "" : "&").Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
    }

    /// <summary>Reads a body that is there in full.</summary>
    public static OAuthOutcome<OAuthForm> Parse(ReadOnlySpan<byte> body)
    {
        var form = new OAuthForm();
        var count = 0;
        foreach (var range in body.Split((byte)'&'))
        {
            var pair = body[range];
            if (pair.IsEmpty) continue;
            if (++count > MostParameters) return OAuthError.InvalidRequest($"There are more than {MostParameters} parameters.");
            var equals = pair.IndexOf((byte)'=');
            if (Decode(equals < 0 ? pair : pair[..equals]) is not { Length: > 0 } name || Decode(equals < 0 ? [] : pair[(equals + 1)..]) is not { } value)
                return OAuthError.InvalidRequest("The form is not encoded as a form is.");
            if (value.Length == 0) continue;
            if (name == OAuthParameter.Resource) form.Resources.Add(value);
            else if (name == OAuthParameter.AudienceParameter) form.Audiences.Add(value);
            else if (!form.values.TryAdd(name, value)) return OAuthError.InvalidRequest("A parameter is given twice.");
        }
        return form;
    }

    private static bool IsForm(string? contentType)
    {
        if (contentType is null) return false;
        var semicolon = contentType.IndexOf(';', StringComparison.Ordinal);
        var type = semicolon < 0 ? contentType : contentType[..semicolon];
        if (!type.Trim().Equals(MediaType, StringComparison.OrdinalIgnoreCase)) return false;
        var parameter = semicolon < 0 ? "" : contentType[(semicolon + 1)..].Trim();
        return parameter.Length == 0 || parameter.Equals("charset=utf-8", StringComparison.OrdinalIgnoreCase) || parameter.Equals("charset=\"utf-8\"", StringComparison.OrdinalIgnoreCase);
    }

    private static async Task<byte[]?> ReadBodyAsync(HttpContext http)
    {
        if (http.Request.ContentLength > MostBytes) return null;
        var reader = http.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(http.RequestAborted);
            if (read.Buffer.Length > MostBytes)
            {
                reader.AdvanceTo(read.Buffer.End);
                return null;
            }
            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <returns>Null for what is not percent-encoded UTF-8, or holds a control character.</returns>
    internal static string? Decode(ReadOnlySpan<byte> encoded)
    {
        var bytes = new byte[encoded.Length];
        var length = 0;
        for (var i = 0; i < encoded.Length; i++)
        {
            if (encoded[i] == '%')
            {
                if (i + 2 >= encoded.Length) return null;
                if (!char.IsAsciiHexDigit((char)encoded[i + 1]) || !char.IsAsciiHexDigit((char)encoded[i + 2])) return null;
                bytes[length++] = Convert.FromHexString([(char)encoded[i + 1], (char)encoded[i + 2]])[0];
                i += 2;
            }
            else bytes[length++] = encoded[i] == '+' ? (byte)' ' : encoded[i];
        }
        try
        {
            var text = Strict.GetString(bytes, 0, length);
            return text.AsSpan().ContainsAnyInRange('\0', '\u001f') || text.Contains('\u007f') ? null : text;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
