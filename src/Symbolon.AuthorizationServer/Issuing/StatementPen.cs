using System.Buffers;
using System.Text.Json;
using Symbolon.Core.OAuth;

namespace Symbolon.AuthorizationServer.Issuing;

/// <summary>Writes what says who somebody is and gives nothing, for a minute: without a scope, a client and a key that it is bound to. What <see cref="TokenPen"/> writes has all three.</summary>
internal static class StatementPen
{
    /// <summary>Seconds: one is made for each request.</summary>
    public const long Life = 60;

    private const long PerSecond = 1_000_000;

    /// <param name="chain">The subject, then the actors from the outermost to the innermost.</param>
    /// <param name="now">Microseconds since the Unix epoch.</param>
    /// <param name="noLaterThan">When it ends at the latest, likewise.</param>
    public static ReadOnlySpan<byte> Write(string issuer, IReadOnlyList<string> chain, string audience, long now, long noLaterThan, string? tool = null, string? digest = null)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString(OAuthParameter.Issuer, issuer);
        json.WriteString("sub", chain[0]);
        json.WriteString(OAuthParameter.Audience, audience);
        json.WriteString("jti", TokenId.New().Value);
        json.WriteNumber("iat", now / PerSecond);
        json.WriteNumber("exp", Math.Min(now / PerSecond + Life, noLaterThan / PerSecond));
        if (tool is not null) json.WriteString(OAuthParameter.Tool, tool);
        if (digest is not null) json.WriteString("content_digest", digest);
        TokenPen.WriteActors(json, chain);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan;
    }
}
