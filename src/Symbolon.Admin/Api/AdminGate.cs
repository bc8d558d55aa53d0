using System.Text;
using Microsoft.AspNetCore.Http;
using Symbolon.AuthorizationServer.CommandLine;
using Symbolon.Core.Audit;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Policy;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Api;

/// <summary>
/// Lets administrators in, by <c>Authorization: Bearer sym_adm_…</c> alone: the token of the start, or that of a command line that an administrator
/// let act. Cookies are never looked at, so no page of another site can act for somebody who is signed in. Runs before the body is read.
/// </summary>
internal sealed class AdminGate(IAdminCredentials credentials, AdminLogins logins, IRefusalLog refusals) : IEndpointFilter
{
    /// <summary>Who holds the token of the start, or came by its link: no person.</summary>
    public const string Bootstrap = "admin-token";
    private const string Scheme = "Bearer ";

    public static IResult Refused =>
        new ProblemAnswer(StatusCodes.Status401Unauthorized, ReasonCode.Unauthenticated.ToText(), "An administrator's token is needed: Authorization: Bearer sym_adm_…");

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        var headers = http.Request.Headers.Authorization;
        if (headers.Count > 1 || http.Request.Query.ContainsKey("access_token"))
        {
            Record(http, ReasonCode.MalformedRequest);
            return Answers.Malformed("The token goes into one Authorization header, and nowhere else.");
        }
        var header = headers.Count == 1 ? headers[0] : null;
        string? who;
        try
        {
            who = await WhoAsync(header, http.RequestAborted);
        }
        catch (StoreUnavailableException)
        {
            return StoreFault.Answer;
        }
        if (who is null)
        {
            Record(http, ReasonCode.Unauthenticated);
            return Refused;
        }
        http.Features.Set(new AdminPass(async () => await WhoAsync(header, http.RequestAborted) == who));
        http.Features.Set(new Requester(OrganisationId.Default, who, http.Connection.RemoteIpAddress?.ToString()));
        return await next(context);
    }

    private async ValueTask<string?> WhoAsync(string? header, CancellationToken cancellation)
    {
        if (header is null || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return null;
        var text = header.AsSpan(Scheme.Length).Trim(' ');
        if (text.Length != PastedToken.Length) return null;
        var token = new byte[PastedToken.Length];
        if (!Encoding.ASCII.TryGetBytes(text, token, out var length) || !PastedToken.TryRead(token.AsSpan(0, length), out var kind) || kind != TokenKind.Admin) return null;
        // While the store cannot be asked, the token of the start still is.
        if (credentials.IsAdmin(token)) return Bootstrap;
        return (await logins.FindAsync(OrganisationId.Default, TokenHash.Of(token), cancellation))?.Email.Value;
    }

    private void Record(HttpContext http, ReasonCode code) => refusals.Record(OrganisationId.Default, http.Connection.RemoteIpAddress, code);
}

/// <summary>By what an administrator came in, to be asked again once a body has come: that can take minutes.</summary>
/// <param name="HoldsAsync">Whether it lets the same person in still. Throws <see cref="StoreUnavailableException"/> where that cannot be looked up.</param>
internal sealed record AdminPass(Func<Task<bool>> HoldsAsync);

internal static class AdminRequests
{
    /// <summary>The administrator, set by <see cref="AdminGate"/>.</summary>
    public static Requester Requester(this HttpContext context) => context.Features.Get<Requester>() ?? throw new InvalidOperationException("The route is not behind the gate.");
}
