using Symbolon.AuthorizationServer.Entry;
using Symbolon.AuthorizationServer.Families;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.AuthorizationServer.Issuing;
using Symbolon.Core;
using Symbolon.Core.OAuth;
using Symbolon.Core.OAuth.Authorizations;
using Symbolon.Core.Snapshot;

namespace Symbolon.AuthorizationServer.Token;

/// <summary>
/// A refresh token for new ones (RFC 6749 §6, RFC 9700 §4.14). Each is good for one use. Only the one before the newest may be shown again, by the same
/// client with the same key and within ten seconds, for a client that lost the answer: it gets the same successor. Any other second use ends the family.
/// </summary>
internal sealed class RefreshGrant(IAuthorizationStore store, Family family, RefreshSecrets secrets, TimeProvider clock) : IGrant
{
    /// <summary>Microseconds.</summary>
    private const long Grace = 10_000_000;

    private static readonly OAuthError Refused = OAuthError.InvalidGrant(
        "The refresh token is not good: unknown, over, revoked, used before, another client's, or bound to a key whose proof did not come.");

    public string Type => OAuthParameter.RefreshToken;

    public async Task<OAuthOutcome<GrantedToken>> DecideAsync(ClientRequest request)
    {
        if (request.Form[OAuthParameter.RefreshToken] is not { } text) return OAuthError.InvalidRequest("refresh_token is missing.");
        if (!RefreshSecrets.IsOne(text)) return Refused;
        if (await store.FindRefreshAsync(request.Organisation, RefreshSecrets.HashOf(text), CancellationToken.None) is not var (token, authorization)) return Refused;
        if (authorization.Client != request.Id || !family.IsAlive(authorization) || (token.Key is not null && token.Key != request.Key?.ToString())) return Refused;
        var now = clock.Microseconds();
        var next = secrets.Next(request.Organisation, text);
        AuthorizationWrite step;
        if (token.UsedAt is { } usedAt)
        {
            if (now - usedAt > Grace || !await IsNewestAsync(request, next))
            {
                await family.EndAsync(request, authorization, "a refresh token was used twice");
                return Refused;
            }
            step = new AuthorizationWrite.Repeat();
        }
        else
        {
            if (token.ExpiresAt <= now) return Refused;
            step = new AuthorizationWrite.Rotate(
                token.Hash, new RefreshToken(RefreshSecrets.HashOf(next), authorization.Id, token.Key, now, family.RefreshEndOf(authorization)), now);
        }
        return (await family.OrderAsync(request, authorization)).Failed(out var why, out var order) ? why : new GrantedToken(order, next, step);
    }

    private async Task<bool> IsNewestAsync(ClientRequest request, string text) =>
        await store.FindRefreshAsync(request.Organisation, RefreshSecrets.HashOf(text), CancellationToken.None) is { Token.UsedAt: null };
}
