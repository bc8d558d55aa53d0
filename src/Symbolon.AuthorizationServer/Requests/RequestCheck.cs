using System.Globalization;
using System.Text;
using Symbolon.AuthorizationServer.Clients;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.AuthorizationServer.Issuing;
using Symbolon.Core.OAuth;
using Symbolon.Jose;

namespace Symbolon.AuthorizationServer.Requests;

/// <summary>
/// Checks the parameters of an authorization request, however they came (RFC 6749 §4.1.1, RFC 7636 §4.3, RFC 8707 §2, RFC 9126 §2.1). First where an
/// answer may go: until that is known, nothing is answered there.
/// </summary>
internal sealed class RequestCheck(ScopeDecision scopes)
{
    private const int DigestLength = 43;

    private static readonly OAuthError NoRedirect = OAuthError.InvalidRequest("redirect_uri is missing.");

    private static readonly OAuthError NotItsRedirect = OAuthError.InvalidRequest(
        "redirect_uri is none of those that this client is registered with. They are compared byte for byte; only the port of a loopback address may differ.");

    private static readonly OAuthError NoPeople = OAuthError.UnauthorizedClient("This client has no redirect URI; it acts for itself alone.");
    private static readonly OAuthError NoObjects = new("request_not_supported", "Request objects are not taken; push the request instead (RFC 9126).");
    private static readonly OAuthError NoReferences = new("request_uri_not_supported", "Only references to pushed requests are taken, and only in the address.");
    private static readonly OAuthError NotCode = new("unsupported_response_type", "response_type must be code.");
    private static readonly OAuthError NotQuery = OAuthError.InvalidRequest("response_mode must be query, or left out.");
    private static readonly OAuthError NoChallenge = OAuthError.InvalidRequest("PKCE is required: code_challenge of 43 characters with code_challenge_method=S256.");
    private static readonly OAuthError BadKey = OAuthError.InvalidRequest("dpop_jkt must be the thumbprint of a key, 43 characters.");
    private static readonly OAuthError BadPrompt = OAuthError.InvalidRequest("prompt must be none, or some of login, consent and select_account.");
    private static readonly OAuthError BadAge = OAuthError.InvalidRequest("max_age must be a number of seconds.");

    /// <returns>Where the answer to this request may go; an error is for the person's eyes, or for who pushed the request.</returns>
    public static OAuthOutcome<RedirectAnswer> RedirectOf(RegisteredClient client, OAuthForm form, string issuer)
    {
        if (client.Redirects.IsEmpty) return NoPeople;
        if (form[OAuthParameter.RedirectUri] is not { } sought) return NoRedirect;
        return RedirectUri.IsRegistered(client.Redirects, sought) ? new RedirectAnswer(sought, form[OAuthParameter.State], issuer) : NotItsRedirect;
    }

    /// <returns>The request; an error may go to where <paramref name="answer"/> leads.</returns>
    public OAuthOutcome<AuthorizationRequest> Check(RegisteredClient client, OAuthForm form, RedirectAnswer answer)
    {
        if (form[OAuthParameter.Request] is not null) return NoObjects;
        if (form[OAuthParameter.RequestUri] is not null) return NoReferences;
        if (form[OAuthParameter.ResponseType] is not { } type) return OAuthError.InvalidRequest("response_type is missing.");
        if (type != OAuthParameter.Code) return NotCode;
        if (form[OAuthParameter.ResponseMode] is not (null or "query")) return NotQuery;
        if (form[OAuthParameter.CodeChallengeMethod] != "S256" || form[OAuthParameter.CodeChallenge] is not { } challenge || !IsDigest(challenge)) return NoChallenge;
        if (form[OAuthParameter.DpopKey] is { } key && !IsDigest(key)) return BadKey;
        if (!TryReadPrompt(form[OAuthParameter.Prompt], out var prompt)) return BadPrompt;
        if (!TryReadAge(form[OAuthParameter.MaxAge], out var maxAge)) return BadAge;
        if (scopes.Read(form, answer.Issuer).Failed(out var why, out var asked)) return why;
        return new AuthorizationRequest
        {
            Client = client,
            Answer = answer,
            Challenge = challenge,
            Key = form[OAuthParameter.DpopKey],
            Asked = asked,
            Parameters = form.Encode(),
            IsSilent = prompt.Contains("none"),
            AsksAgain = prompt.Contains("consent") || prompt.Contains("select_account"),
            NeedsSignIn = prompt.Contains("login") || prompt.Contains("select_account") || maxAge == 0,
            MaxAge = maxAge == 0 ? null : maxAge,
        };
    }

    /// <summary>A SHA-256 in base64url, in its one spelling.</summary>
    private static bool IsDigest(string text) => text.Length == DigestLength && Ascii.IsValid(text) && Base64Url.Decode(Encoding.ASCII.GetBytes(text)) is not null;

    private static bool TryReadPrompt(string? text, out HashSet<string> prompt)
    {
        prompt = [.. text?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? []];
        return prompt.All(each => each is "none" or "login" or "consent" or "select_account") && !(prompt.Count > 1 && prompt.Contains("none"));
    }

    private static bool TryReadAge(string? text, out long? seconds)
    {
        seconds = null;
        if (text is null) return true;
        if (!uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        seconds = number;
        return true;
    }
}
