using System.Buffers;
using System.Text.Json;
using Symbolon.AuthorizationServer.Keys;
using Symbolon.Core;
using Symbolon.Core.AccessTokens;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Resources;
using Symbolon.Jose;

namespace Symbolon.AuthorizationServer.Issuing;

/// <summary>What any token of ours says; everything in it is decided.</summary>
/// <param name="Chain">The subject, then the actors from the outermost to the innermost (RFC 8693 §4.1).</param>
/// <param name="Seconds">Its life.</param>
internal sealed record TokenBody(string Issuer, IReadOnlyList<string> Chain, string Audience, ClientId Client, long Seconds)
{
    public string? Scope { get; init; }
    public ResourceSet? Details { get; init; }
    public Sha256Value? Key { get; init; }
    public AuthorizationId? Authorization { get; init; }

    /// <summary>Microseconds since the Unix epoch.</summary>
    public long? AuthorizedAt { get; init; }

    /// <summary>It ends then at the latest, whatever its life. Microseconds since the Unix epoch.</summary>
    public long? NoLaterThan { get; init; }

    /// <summary>The caller's own token, of one that came of it.</summary>
    public TokenId? Origin { get; init; }

    /// <summary>The client that <see cref="Origin"/> was issued to, where it is another than <see cref="Client"/>.</summary>
    public ClientId? OriginClient { get; init; }

    /// <summary>The server that may exchange it (RFC 8693 §4.4).</summary>
    public ServerName? MayAct { get; init; }

    /// <summary>The key by which the client proved itself, where the token ends with it.</summary>
    public Sha256Value? ClientKey { get; init; }

    /// <summary>The scope of the tool that it was exchanged for.</summary>
    public string? Tool { get; init; }
}

/// <param name="Seconds">Its life.</param>
internal sealed record SignedToken(string Text, TokenId Id, long Seconds)
{
    /// <summary>Nothing in front of us or behind us has to take it.</summary>
    public bool IsTooLong => Text.Length > AccessTokenReader.MostBytes;
}

/// <summary>Writes and signs all our tokens (RFC 9068 §2). <see cref="AccessTokenReader"/>, <see cref="DownstreamTokenReader"/> and <see cref="EventsTokenReader"/> read exactly what this writes.</summary>
internal sealed class TokenPen(Signer signer, EventClock events)
{
    private const long PerSecond = 1_000_000;

    /// <returns>Null when there is no key to sign with.</returns>
    public SignedToken? Sign(OrganisationId organisation, TokenBody body)
    {
        var issuedAt = events.Next();
        var id = TokenId.New();
        var ends = Math.Min(issuedAt / PerSecond + body.Seconds, (body.NoLaterThan ?? long.MaxValue) / PerSecond);
        return signer.Sign(organisation, "at+jwt", Payload(body, id, issuedAt, ends)) is { } text ? new SignedToken(text, id, ends - issuedAt / PerSecond) : null;
    }

    private static ReadOnlySpan<byte> Payload(TokenBody body, TokenId id, long issuedAt, long ends)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString(OAuthParameter.Issuer, body.Issuer);
        json.WriteString("sub", body.Chain[0]);
        json.WriteString(OAuthParameter.Audience, body.Audience);
        json.WriteString(OAuthParameter.ClientId, body.Client.Value);
        json.WriteString("jti", id.Value);
        json.WriteNumber("iat", issuedAt / PerSecond);
        // Revocations are told apart from issues by the microsecond, which a NumericDate that everybody reads cannot carry.
        json.WriteNumber(OAuthParameter.IssuedAtMicroseconds, issuedAt);
        json.WriteNumber("exp", ends);
        if (body.Scope is { } scope) json.WriteString(OAuthParameter.Scope, scope);
        if (body.ClientKey is { } provedBy) json.WriteString(OAuthParameter.ClientKey, provedBy.ToString());
        if (body.Authorization is { } authorization) json.WriteString(OAuthParameter.AuthorizationId, authorization.Value);
        AuthorizationDetails.WriteMember(json, body.Details);
        if (body.Key is { } key)
        {
            json.WriteStartObject(OAuthParameter.Confirmation);
            json.WriteString(OAuthParameter.KeyThumbprint, key.ToString());
            json.WriteEndObject();
        }
        // What was consented to before a revocation is dead with it, whenever a token of it was issued.
        if (body.AuthorizedAt is { } authorizedAt) json.WriteNumber(OAuthParameter.AuthorizedAtMicroseconds, Math.Min(authorizedAt, issuedAt));
        if (body.Origin is { } origin) json.WriteString(OAuthParameter.OriginId, origin.Value);
        if (body.OriginClient is { } began) json.WriteString(OAuthParameter.OriginClientId, began.Value);
        if (body.Tool is { } tool) json.WriteString(OAuthParameter.Tool, tool);
        if (body.MayAct is { } server)
        {
            json.WriteStartObject(OAuthParameter.MayAct);
            json.WriteString("sub", ClientId.Of(server).Value);
            json.WriteEndObject();
        }
        WriteActors(json, body.Chain);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan;
    }

    /// <param name="chain">The subject, which is passed over, then the actors from the outermost to the innermost (RFC 8693 §4.1).</param>
    public static void WriteActors(Utf8JsonWriter json, IReadOnlyList<string> chain)
    {
        foreach (var actor in chain.Skip(1))
        {
            json.WriteStartObject(OAuthParameter.Actor);
            json.WriteString("sub", actor);
        }
        for (var i = 1; i < chain.Count; i++) json.WriteEndObject();
    }
}
