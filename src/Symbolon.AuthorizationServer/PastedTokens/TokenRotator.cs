using Symbolon.Core;
using Symbolon.Core.Audit;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Snapshot;

namespace Symbolon.AuthorizationServer.PastedTokens;

/// <summary>
/// Gives a live token another secret. Id, holder, reach and expiry stay, and so does the time of issue, so that a revocation that
/// killed it would still kill it; the old secret dies at once.
/// </summary>
public sealed class TokenRotator(Configuration configuration, ITokenStore tokens, ChangeDesk desk, TimeProvider clock)
{
    public async Task<Result<IssuedToken>> RotateAsync(Requester requester, TokenId id, string? reason, CancellationToken cancellation)
    {
        var note = new ChangeNote("rotate", $"Token/{id}") { Kind = AuditKind.TokenRotated, Token = id.Value, Reason = reason };
        TokenRecord? token;
        try
        {
            token = await tokens.FindAsync(requester.Organisation, id, cancellation);
        }
        catch (StoreUnavailableException)
        {
            return await desk.RefuseAsync(requester, note, ChangeError.StoreUnavailable);
        }
        if (token is null) return await desk.RefuseAsync(requester, note, ChangeError.NotFound($"token {id}"));
        note = note with { Holder = token.Holder };
        var now = clock.Microseconds();
        if (DeathOf(token, now) is { } death)
            return await desk.RefuseAsync(requester, note, ChangeError.Conflict(death, $"Token {id} is dead ({death}). Issue another."));

        var secret = PastedToken.Create(token.Kind);
        var committed = await desk.CommitAsync(requester, note, [new Change.RotateToken(id, PastedToken.Hash(secret), now)], cancellation);
        return committed.Select(_ => new IssuedToken(token with { RotatedAt = now }, secret));
    }

    /// <summary>Why nothing can be done with the token any more, or null.</summary>
    private string? DeathOf(TokenRecord token, long now)
    {
        if (token.ExpiresAt <= now) return "token_expired";
        // A token lives as long as one of its servers was not revoked since it was issued.
        var epochs = configuration.Epochs;
        return epochs.IsRevoked(token) || token.Servers.All(access => epochs.IsRevoked(token, access.Server)) ? "token_revoked" : null;
    }
}
