using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Symbolon.Client.AspNetCore.Calls;
using Symbolon.Client.AspNetCore.Resources;
using Symbolon.Client.Callers;
using Symbolon.Client.Calls;
using Symbolon.Client.Verification;

namespace Symbolon.Client.AspNetCore.Authentication;

/// <summary>Both schemes: the verdict is <see cref="AccessTokenVerifier"/>'s; here it becomes a principal, or an answer.</summary>
internal sealed class SymbolonAuthentication<TOptions>(IOptionsMonitor<TOptions> options, ILoggerFactory logger, UrlEncoder encoder) : AuthenticationHandler<TOptions>(options, logger, encoder)
    where TOptions : SymbolonSchemeOptions, new()
{
    private const string NonceHeader = "DPoP-Nonce";

    private CallerVerdict.Refused? refused;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var scheme = Context.RequestServices.GetRequiredKeyedService<SchemeVerifier>(Scheme.Name);
        var verdict = await scheme.Verifier.VerifyAsync(Read(scheme.Origin), Context.RequestAborted);
        if (verdict is not CallerVerdict.Accepted accepted)
        {
            refused = (CallerVerdict.Refused)verdict;
            return refused.Error is null ? AuthenticateResult.NoResult() : AuthenticateResult.Fail(refused.Description);
        }
        if (accepted.NextNonce is { } nonce) Response.Headers[NonceHeader] = nonce;
        Context.Features.Set(accepted.Caller);
        // Only a server may exchange what it was called with.
        if (Options is SymbolonServerOptions) IncomingCalls.Set(new IncomingCall(accepted.Token, Request.Headers.TraceParent, Request.Headers.TraceState));
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(IdentityOf(accepted.Caller)), Scheme.Name));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        await HandleAuthenticateOnceSafeAsync();
        // Where a program takes tokens by both schemes, one answer is enough.
        if (Response.HasStarted) return;
        var why = refused ?? new CallerVerdict.Refused { Status = StatusCodes.Status401Unauthorized, Description = "A token is needed." };
        Response.StatusCode = why.Status;
        Response.Headers.CacheControl = "no-store";
        if (why.Challenge is not null) Response.Headers.Append(HeaderNames.WWWAuthenticate, why.Challenge);
        if (why.Nonce is not null) Response.Headers[NonceHeader] = why.Nonce;
        if (why.RetryAfter is { } seconds) Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        await WriteAsync(why.Error ?? "invalid_token", why.Description);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        if (Response.HasStarted) return Task.CompletedTask;
        var needed = Context.Features.Get<NeededResource>()?.Scope;
        Response.StatusCode = StatusCodes.Status403Forbidden;
        Response.Headers.CacheControl = "no-store";
        Response.Headers.Append(HeaderNames.WWWAuthenticate, CallerChallenge.InsufficientScope(needed));
        return WriteAsync("insufficient_scope", needed is null ? "The token does not let its bearer do this." : $"The token does not give {needed}.");
    }

    private IncomingRequest Read(string origin)
    {
        // As the client wrote it: what routing has made of the path is not what was proved.
        var target = Context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        var end = target.IndexOf('?', StringComparison.Ordinal);
        var path = end < 0 ? target : target[..end];
        return new IncomingRequest
        {
            Method = Request.Method,
            Url = path.StartsWith('/') ? origin + path : "",
            Authorization = Request.Headers.Authorization,
            Proofs = Request.Headers["DPoP"],
        };
    }

    private ClaimsIdentity IdentityOf(SymbolonCaller caller)
    {
        var identity = new ClaimsIdentity(Scheme.Name, "sub", roleType: null);
        Add("sub", caller.Subject);
        Add("email", caller.Person);
        Add("agent", caller.Agent);
        Add("workflow", caller.Workflow);
        Add("server", caller.Server);
        Add("tool", caller.Tool);
        Add("client_id", caller.ClientId);
        Add("jti", caller.TokenId);
        Add("authorization_id", caller.AuthorizationId);
        foreach (var scope in caller.Scopes) Add("scope", scope);
        return identity;

        void Add(string type, string? value)
        {
            if (value is not null) identity.AddClaim(new Claim(type, value, ClaimValueTypes.String, Options.Issuer!.OriginalString));
        }
    }

    private Task WriteAsync(string error, string description) =>
        HttpMethods.IsHead(Request.Method) ? Task.CompletedTask : Response.WriteAsJsonAsync(new Dictionary<string, string> { ["error"] = error, ["error_description"] = description });
}
