using System.Globalization;
using System.Text.Json;
using Symbolon.Client;

namespace Symbolon.Cli.Sidecar;

/// <summary>An answer of the sidecar that is no success, in the form of RFC 9457.</summary>
/// <param name="Code">Stable, <c>snake_case</c>: the sidecar's own, or what Symbolon answered.</param>
/// <param name="Detail">Holds nothing of what was sent.</param>
internal sealed record LocalProblem(int Status, string Code, string Detail)
{
    /// <summary>On every answer that is the sidecar's and not the API's.</summary>
    public const string Header = "Symbolon-Refused";

    private const int ShortWait = 1;

    /// <summary>Why there is no token, as an HTTP status: what may pass by itself, or what will not.</summary>
    public static LocalProblem Of(SymbolonException refused) => refused.Code switch
    {
        "unreachable" or "temporarily_unavailable" or "slow_down" => new(StatusCodes.Status503ServiceUnavailable, refused.Code, refused.Message),
        "invalid_answer" or "server_error" => new(StatusCodes.Status502BadGateway, refused.Code, refused.Message),
        _ => new(StatusCodes.Status403Forbidden, refused.Code, refused.Message),
    };

    public static LocalProblem BadRequest(string detail) => new(StatusCodes.Status400BadRequest, "invalid", detail);

    public Task WriteAsync(HttpContext http)
    {
        http.Response.StatusCode = Status;
        http.Response.Headers[Header] = Code;
        http.Response.Headers.CacheControl = "no-store";
        if (Status == StatusCodes.Status503ServiceUnavailable) http.Response.Headers.RetryAfter = ShortWait.ToString(CultureInfo.InvariantCulture);
        http.Response.ContentType = "application/problem+json";
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : http.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(
            new { type = "about:blank", title = "The sidecar did not do it.", status = Status, code = Code, detail = Detail }), http.RequestAborted).AsTask();
    }
}

/// <summary>Ends a request to the sidecar with its problem.</summary>
internal sealed class LocalProblemException(LocalProblem problem) : Exception(problem.Detail)
{
    public LocalProblem Problem => problem;
}
