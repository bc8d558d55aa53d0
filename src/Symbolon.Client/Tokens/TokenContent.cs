using System.Collections.Immutable;
using Symbolon.Client.Callers;
using Symbolon.Jose;
using Symbolon.Jose.Json;
using Symbolon.Jose.Tokens;

namespace Symbolon.Client.Tokens;

/// <summary>What a token of Symbolon says, each claim of exactly the right form. RFC 9068 §2.2, RFC 8693 §4, RFC 9396 §9.1.</summary>
internal sealed record TokenContent
{
    private const long PerSecond = 1_000_000;
    private const int MostScopes = 1024;

    public required JwtClaims Claims { get; init; }

    public required DelegationChain Chain { get; init; }

    public required SymbolonCaller Caller { get; init; }

    /// <summary>The key that the token is bound to.</summary>
    public required Sha256Value Key { get; init; }

    /// <summary>Thumbprint or name of the key that signed it.</summary>
    public required string SignedBy { get; init; }

    /// <summary>Microseconds since the Unix epoch.</summary>
    public required long IssuedAt { get; init; }

    /// <summary>When the consent was given on which it rests, or the caller's token was issued; what is revoked of people and clients is compared with that.</summary>
    public required long Since { get; init; }

    /// <summary>Whom the subject lets exchange it (RFC 8693 §4.4).</summary>
    public string? MayAct { get; init; }

    /// <param name="payload">Verified.</param>
    public static TokenContent? Read(ReadOnlySpan<byte> payload, string signedBy)
    {
        if (JwtClaims.Read(payload, out var claims) != JoseError.None) return null;
        var root = JsonValue.Root(payload);
        if (claims is not { Issuer: not null, Subject: { } subject, Id: { } id, ExpiresAt: not null, IssuedAt: { } issued }) return null;
        if (!JwtClaims.Text(root, "client_id"u8, out var client) || client is null) return null;
        if (!JwtClaims.Text(root, "authorization_id"u8, out var authorization) || !JwtClaims.Text(root, "origin_jti"u8, out var origin) || !JwtClaims.Text(root, "tool"u8, out var tool)) return null;
        if (!JwtClaims.Text(root, "origin_client_id"u8, out var originClient)) return null;
        if (!TryReadTime(root, "iat_us"u8, issued, out var issuedAt) || !TryReadTime(root, "auth_us"u8, null, out var authorizedAt)) return null;
        if (DelegationChain.Read(root, subject) is not { } chain || ReadKey(root) is not { } key) return null;
        if (ReadScopes(root) is not { } scopes || ReadDetails(root) is not { } details || !TryReadMayAct(root, out var mayAct)) return null;
        return new TokenContent
        {
            Claims = claims,
            Chain = chain,
            Key = key,
            SignedBy = signedBy,
            IssuedAt = issuedAt ?? issued * PerSecond,
            Since = authorizedAt ?? issuedAt ?? issued * PerSecond,
            MayAct = mayAct,
            Caller = new SymbolonCaller
            {
                Subject = subject,
                Person = chain.Person,
                Agent = chain.Agent,
                Workflow = chain.Workflow,
                Server = chain.Server,
                Actors = chain.Actors,
                ClientId = client,
                Tool = tool ?? (scopes is [var only] && only.StartsWith("mcp:", StringComparison.Ordinal) ? only : null),
                Scopes = scopes,
                Details = details,
                TokenId = id,
                OriginTokenId = origin,
                OriginClientId = originClient,
                AuthorizationId = authorization,
            },
        };
    }

    /// <summary>A key by its thumbprint and nothing besides: whoever does not know what a token is bound to must not take it (RFC 7800 §3.1).</summary>
    private static Sha256Value? ReadKey(JsonValue root)
    {
        if (!root.TryGetMember("cnf"u8, out var confirmation) || confirmation.Value.Kind != JsonKind.Object) return null;
        Sha256Value? key = null;
        foreach (var member in confirmation.Value.Members)
        {
            if (key is not null || !member.NameEquals("jkt"u8) || !member.Value.TryGetPlainText(out var text) || !Sha256Value.TryParse(text, out var found)) return null;
            key = found;
        }
        return key;
    }

    private static ImmutableArray<string>? ReadScopes(JsonValue root)
    {
        if (!root.TryGetMember("scope"u8, out var member)) return [];
        if (!member.Value.TryGetString(out var text) || text.Length == 0) return null;
        var scopes = text.Split(' ');
        return scopes.Length <= MostScopes && Array.TrueForAll(scopes, scope => scope.Length > 0) ? [.. scopes] : null;
    }

    private static ImmutableArray<ResourceDetail>? ReadDetails(JsonValue root) =>
        root.TryGetMember("authorization_details"u8, out var member) ? ResourceDetail.ReadAll(member.Value) : [];

    private static bool TryReadMayAct(JsonValue root, out string? mayAct)
    {
        mayAct = null;
        return !root.TryGetMember("may_act"u8, out var member)
            || (member.Value.Kind == JsonKind.Object && member.Value.TryGetMember("sub"u8, out var name) && name.Value.TryGetString(out mayAct) && mayAct.Length > 0);
    }

    /// <param name="seconds">What the microseconds must be within; null for any time.</param>
    private static bool TryReadTime(JsonValue root, ReadOnlySpan<byte> name, long? seconds, out long? time)
    {
        time = null;
        if (!root.TryGetMember(name, out var member)) return true;
        if (!member.Value.TryGetInt64(out var found) || found < 0 || (seconds is { } whole && found / PerSecond != whole)) return false;
        time = found;
        return true;
    }
}
