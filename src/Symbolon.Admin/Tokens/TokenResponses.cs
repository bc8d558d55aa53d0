using Symbolon.Admin.Api;
using Symbolon.AuthorizationServer.PastedTokens;
using Symbolon.Core;
using Symbolon.Core.OAuth;
using Symbolon.Core.Revocation;

namespace Symbolon.Admin.Tokens;

/// <summary>Tokens as the API shows them.</summary>
internal static class TokenResponses
{
    public static TokenResponse Of(TokenRecord token, EpochTable epochs, long now) => new()
    {
        Id = token.Id.Value,
        State = StateOf(token, epochs, now),
        User = token.Holder.User?.Value,
        Agent = token.Holder.Agent?.Value,
        Workflow = token.Holder.Workflow?.Value,
        Servers = [.. token.Servers.Select(ServerAccessResponse.Of)],
        IssuedAt = UnixTime.FromMicroseconds(token.IssuedAt),
        IssuedBy = token.IssuedBy,
        ExpiresAt = UnixTime.FromMicroseconds(token.ExpiresAt),
        RotatedAt = Time(token.RotatedAt),
        RevokedAt = Time(token.RevokedAt),
        LastUsedAt = Time(token.LastUsedAt),
        Note = token.Note,
    };

    public static IssuedTokenResponse Of(IssuedToken issued, EpochTable epochs, long now, IPublicAddresses known) =>
        new(Of(issued.Token, epochs, now), issued.Secret, [.. issued.Token.Servers.SelectMany(access => known.Origins.Select(origin => $"{origin}/t/mcp/{access.Server}"))]);

    public static string StateOf(TokenRecord token, EpochTable epochs, long now) =>
        epochs.IsRevoked(token) || (!token.Servers.IsEmpty && token.Servers.All(access => epochs.IsRevoked(token, access.Server))) ? "revoked"
        : token.ExpiresAt <= now ? "expired" : "live";

    private static DateTimeOffset? Time(long? microseconds) => microseconds is { } time ? UnixTime.FromMicroseconds(time) : null;
}
