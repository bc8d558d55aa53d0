using System.Text;
using Microsoft.AspNetCore.Http;
using Symbolon.Core.Audit;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Policy;

namespace Symbolon.Admin.Api;

/// <summary>
/// Lets administrators in, by <c>Authorization: Bearer sym_adm_…</c> alone. Cookies are never looked at, so no page of another
/// site can act for somebody who is signed in. Runs before the body is read.
/// </summary>
internal sealed class AdminGate(IAdminCredentials credentials, IRefusalLog refusals) : IEndpointFilter
{
    /// <summary>Who holds the one token that there is until administrators can sign in.</summary>
    private const string Bootstrap = "admin-token";
    private const string Scheme = "Bearer ";

    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        var headers = http.Request.Headers.Authorization;
        if (headers.Count > 1 || http.Request.Query.ContainsKey("access_token"))
        {
            Record(http, ReasonCode.MalformedRequest);
            return ValueTask.FromResult<object?>(Answers.Malformed("The token goes into one Authorization header, and nowhere else."));
        }
        if (!IsAdmin(headers.Count == 1 ? headers[0] : null))
        {
            Record(http, ReasonCode.Unauthenticated);
            return ValueTask.FromResult<object?>(new ProblemAnswer(
                StatusCodes.Status401Unauthorized, ReasonCode.Unauthenticated.ToText(), "An administrator's token is needed: Authorization: Bearer sym_adm_…"));
        }
        http.Features.Set(new Requester(OrganisationId.Default, Bootstrap, http.Connection.RemoteIpAddress?.ToString()));
        return next(context);
    }

    private bool IsAdmin(string? header)
    {
        if (header is null || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return false;
        var text = header.AsSpan(Scheme.Length).Trim(' ');
        if (text.Length != PastedToken.Length) return false;
        Span<byte> token = stackalloc byte[PastedToken.Length];
        return Encoding.ASCII.TryGetBytes(text, token, out var length)
            && PastedToken.TryRead(token[..length], out var kind) && kind == TokenKind.Admin
            && credentials.IsAdmin(token[..length]);
    }

    private void Record(HttpContext http, ReasonCode code) => refusals.Record(OrganisationId.Default, http.Connection.RemoteIpAddress, code);
}

internal static class AdminRequests
{
    /// <summary>The administrator, set by <see cref="AdminGate"/>.</summary>
    public static Requester Requester(this HttpContext context) => context.Features.Get<Requester>() ?? throw new InvalidOperationException("The route is not behind the gate.");
}
