using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Symbolon.Core.Policy;
using Symbolon.Core.Snapshot;

namespace Symbolon.Server.Edge;

/// <summary>
/// Around everything: headers that belong on every answer, and a clear body for what nobody answered (an unknown path, a wrong method,
/// a fault of ours).
/// </summary>
internal sealed partial class EdgeAnswers(RequestDelegate next, ILogger<EdgeAnswers> log)
{
    private static readonly PathString OAuthAddresses = new("/mcp");

    public async Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        try
        {
            await next(context);
            if (IsUnanswered(context.Response)) await AnswerAsync(context, context.Response.StatusCode);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has left; there is nobody to answer.
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            await FailAsync(context, e);
        }
    }

    private static bool IsUnanswered(HttpResponse response) =>
        !response.HasStarted && response.ContentType is null && response.ContentLength is null
        && response.StatusCode is StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed or StatusCodes.Status415UnsupportedMediaType;

    private static Task AnswerAsync(HttpContext context, int status) => status switch
    {
        StatusCodes.Status405MethodNotAllowed => Problem.WriteAsync(context, status, ReasonCode.UnknownMethod, "This address does not answer that method."),
        StatusCodes.Status415UnsupportedMediaType => Problem.WriteAsync(context, status, ReasonCode.MalformedRequest, "This address does not take that media type."),
        // By the address alone: whether there is such a server is not asked, so that it cannot be told.
        _ when context.Request.Path.StartsWithSegments(OAuthAddresses) =>
            Problem.WriteAsync(context, status, ReasonCode.UnknownMethod, "Nothing is served at this address. Pasted tokens go to /t/mcp/SERVER."),
        _ => Problem.WriteAsync(context, status, ReasonCode.UnknownMethod, "Nothing is served at this address."),
    };

    private Task FailAsync(HttpContext context, Exception e)
    {
        switch (e)
        {
            case BadHttpRequestException bad:
                var code = bad.StatusCode is StatusCodes.Status413PayloadTooLarge or StatusCodes.Status431RequestHeaderFieldsTooLarge
                    ? ReasonCode.TooLarge : ReasonCode.MalformedRequest;
                return Problem.WriteAsync(context, bad.StatusCode, code, "The request is not well-formed, or past a limit.");
            case StoreUnavailableException:
                LogStoreUnavailable(e);
                return Problem.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, ReasonCode.NotDurable, "The store cannot be reached; nothing was changed.");
            default:
                LogFault(e, context.Request.Method, context.GetEndpoint()?.DisplayName ?? "no route");
                return Problem.WriteAsync(context, StatusCodes.Status500InternalServerError, ReasonCode.InternalError, "The request failed for a reason of ours; the log has it.");
        }
    }

    [LoggerMessage(EventId = 5001, Level = LogLevel.Error, Message = "A request failed: {Method} {Route}")]
    private partial void LogFault(Exception fault, string method, string route);

    [LoggerMessage(EventId = 5002, Level = LogLevel.Warning, Message = "The store cannot be reached")]
    private partial void LogStoreUnavailable(Exception fault);
}
