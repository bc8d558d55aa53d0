using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Symbolon.AuthorizationServer.Entry;
using Symbolon.AuthorizationServer.Families;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.AuthorizationServer.Issuing;
using Symbolon.Core;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.OAuth.Authorizations;
using Symbolon.Core.Snapshot;
using Symbolon.Jose;

namespace Symbolon.AuthorizationServer.Token;

/// <summary>
/// A code for tokens (RFC 6749 §4.1.3, RFC 7636 §4.6): good for one use, by the client that asked for it, who has to show the verifier. A second use
/// ends all that the first one gave.
/// </summary>
internal sealed class AuthorizationCodeGrant(IAuthorizationStore store, Family family, TimeProvider clock) : IGrant
{
    private const int LeastVerifier = 43;
    private const int MostVerifier = 128;
    private const int MostCode = 128;

    private static readonly SearchValues<char> VerifierLetters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");

    /// <summary>One text for what only the rightful client can set right by asking again.</summary>
    private static readonly OAuthError Refused = OAuthError.InvalidGrant(
        "The code is not good: unknown, older than a minute, used before, another client's, or code_verifier, redirect_uri or key do not fit it.");

    public string Type => "authorization_code";

    public async Task<OAuthOutcome<GrantedToken>> DecideAsync(ClientRequest request)
    {
        var form = request.Form;
        if (form[OAuthParameter.Code] is not { } text) return OAuthError.InvalidRequest("code is missing.");
        if (form[OAuthParameter.CodeVerifier] is not { } verifier) return OAuthError.InvalidRequest("code_verifier is missing.");
        if (text.Length > MostCode || !Ascii.IsValid(text)) return Refused;
        if (await store.FindCodeAsync(request.Organisation, TokenHash.Of(Encoding.ASCII.GetBytes(text)), CancellationToken.None) is not var (code, authorization)) return Refused;
        if (code.UsedAt is not null)
        {
            await family.EndAsync(request, authorization, "a code was used twice");
            return Refused;
        }
        if (code.Client != request.Id || code.ExpiresAt <= clock.Microseconds() || form[OAuthParameter.RedirectUri] != code.RedirectUri) return Refused;
        if (!Fits(verifier, code.Challenge) || (code.Key is not null && code.Key != request.Key?.ToString())) return Refused;
        if ((await family.OrderAsync(request, authorization)).Failed(out var why, out var order)) return why;
        var now = clock.Microseconds();
        var (secret, first) = RefreshSecrets.First(authorization, request.Client.IsPublic ? request.Key?.ToString() : null, now, family.RefreshEndOf(authorization));
        return new GrantedToken(order, secret, new AuthorizationWrite.Redeem(code.Hash, first, now));
    }

    private static bool Fits(string verifier, string challenge)
    {
        if (verifier.Length is < LeastVerifier or > MostVerifier || verifier.AsSpan().ContainsAnyExcept(VerifierLetters)) return false;
        var made = Base64Url.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(made), Encoding.ASCII.GetBytes(challenge));
    }
}
