namespace Symbolon.Core.OAuth;

/// <summary>Names of request and response parameters, of metadata members and of claims, as their RFCs write them. The one place for them.</summary>
public static class OAuthParameter
{
    public const string AccessToken = "access_token";
    public const string Active = "active";
    public const string Actor = "act";
    public const string ActorToken = "actor_token";
    public const string ActorTokenType = "actor_token_type";
    public const string ApplicationType = "application_type";
    public const string Assertion = "assertion";
    public const string Audience = "aud";

    /// <summary>RFC 8693 §2.1: of a request, not of a token.</summary>
    public const string AudienceParameter = "audience";
    public const string AuthorizationDetails = "authorization_details";
    public const string AuthorizationId = "authorization_id";
    public const string AuthorizedAtMicroseconds = "auth_us";
    public const string ClientAssertion = "client_assertion";
    public const string ClientAssertionType = "client_assertion_type";
    public const string ClientId = "client_id";

    /// <summary>Ours: the key by which a client proved itself for a token.</summary>
    public const string ClientKey = "client_jkt";
    public const string ClientName = "client_name";
    public const string ClientSecret = "client_secret";
    public const string Code = "code";
    public const string CodeChallenge = "code_challenge";
    public const string CodeChallengeMethod = "code_challenge_method";
    public const string CodeVerifier = "code_verifier";
    public const string Confirmation = "cnf";
    public const string DpopKey = "dpop_jkt";
    public const string Error = "error";
    public const string ErrorDescription = "error_description";
    public const string ExpiresIn = "expires_in";
    public const string GrantType = "grant_type";
    public const string IssuedAtMicroseconds = "iat_us";

    /// <summary>Ours: seconds until a server's key gets no more tokens.</summary>
    public const string KeyExpiresIn = "key_expires_in";

    /// <summary>Ours: true where an administrator has ordered that a server's key be replaced now.</summary>
    public const string ReplaceKey = "replace_key";
    public const string IssuedTokenType = "issued_token_type";
    public const string Issuer = "iss";
    public const string KeyThumbprint = "jkt";
    public const string MaxAge = "max_age";
    public const string MayAct = "may_act";
    public const string OriginClientId = "origin_client_id";
    public const string OriginId = "origin_jti";
    public const string Prompt = "prompt";
    public const string RedirectUri = "redirect_uri";
    public const string RefreshToken = "refresh_token";
    public const string Request = "request";
    public const string RequestUri = "request_uri";
    public const string RequestedTokenType = "requested_token_type";
    public const string RequirePushed = "require_pushed_authorization_requests";
    public const string Resource = "resource";
    public const string ResponseMode = "response_mode";
    public const string ResponseType = "response_type";
    public const string Scope = "scope";
    public const string State = "state";
    public const string SubjectToken = "subject_token";
    public const string SubjectTokenType = "subject_token_type";
    public const string Token = "token";
    public const string TokenType = "token_type";
    public const string TokenTypeHint = "token_type_hint";
    public const string Tool = "tool";
}
