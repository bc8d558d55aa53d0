using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Core;
using Symbolon.Core.Identity;
using Symbolon.Core.Policy;
using Symbolon.Core.Snapshot;

namespace Symbolon.AuthorizationServer.Keys;

/// <summary>The public keys, for whoever verifies our tokens (RFC 7517 §5, RFC 8414 §2 <c>jwks_uri</c>).</summary>
internal static class JwksEndpoint
{
    public const string Path = "/oauth/jwks";

    public static void MapJwks(this IEndpointRouteBuilder routes) => routes.MapMethods(Path, [HttpMethods.Get, HttpMethods.Head], AnswerAsync)
        .WithMetadata(new RouteAccess.Anyone("Public keys, which verifiers need and which let nobody sign."));

    private static Task AnswerAsync(HttpContext http, Configuration configuration, AuthorizationServerOptions options, TimeProvider clock)
    {
        var keys = configuration.SigningKeys(OrganisationId.Default).PublishedAt(clock.Microseconds(), KeySchedule.Keep).Select(key => key.Jwk);
        http.Response.Headers.CacheControl = string.Create(CultureInfo.InvariantCulture, $"public, max-age={(long)options.JwksMaxAge.TotalSeconds}");
        http.Response.ContentType = "application/jwk-set+json";
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : http.Response.WriteAsync($"{{\"keys\":[{string.Join(',', keys)}]}}", http.RequestAborted);
    }
}
