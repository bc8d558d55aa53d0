using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Symbolon.Core.OAuth;

namespace Symbolon.AuthorizationServer.Forms;

/// <summary>The one place where answers and errors of OAuth become HTTP (RFC 6749 §5.1 and §5.2). None is ever stored by anybody.</summary>
internal static class OAuthAnswer
{
    /// <param name="write">The members of the one object that is answered.</param>
    public static Task WriteAsync(HttpContext http, int status, Action<Utf8JsonWriter> write)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        var response = http.Response;
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = body.WrittenCount;
        response.Headers.CacheControl = "no-store";
        response.Headers.Pragma = "no-cache";
        return response.Body.WriteAsync(body.WrittenMemory, http.RequestAborted).AsTask();
    }

    public static Task WriteAsync(HttpContext http, OAuthError error)
    {
        var status = error switch
        {
            { IsInvalidClient: true } => StatusCodes.Status401Unauthorized,
            { Code: "temporarily_unavailable" } => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status400BadRequest,
        };
        // RFC 6749 §5.2: whoever used a scheme of the header is answered with it.
        if (error.IsInvalidClient && http.Request.Headers.Authorization.Count > 0) http.Response.Headers.WWWAuthenticate = "Basic realm=\"oauth\"";
        if (status == StatusCodes.Status503ServiceUnavailable) http.Response.Headers.RetryAfter = "1";
        return WriteAsync(http, status, json =>
        {
            json.WriteString(OAuthParameter.Error, error.Code);
            json.WriteString(OAuthParameter.ErrorDescription, error.Description);
        });
    }
}
