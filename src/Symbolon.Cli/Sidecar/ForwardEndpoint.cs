using Microsoft.AspNetCore.Http.Features;
using Symbolon.Client;
using Symbolon.Client.Calls;
using Symbolon.Client.Credentials;

namespace Symbolon.Cli.Sidecar;

/// <summary>
/// <c>/forward</c>: makes the request that came at the API, with the token that the call's was exchanged for, or the server's own where that is asked for, and a proof of its own.
/// The answer goes back as it comes.
/// </summary>
/// <param name="api">To make requests with: no redirects, no cookies.</param>
internal sealed class ForwardEndpoint(ServerCredential credential, ApiTarget target, HttpMessageHandler api, TimeProvider clock)
{
    /// <summary>Bytes of a request's body.</summary>
    public const long MostBytes = 64L * 1024 * 1024;

    /// <summary>For a token, the request and the head of the answer; what follows the head may take as long as it takes.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private const int MostToken = 8 * 1024;

    /// <exception cref="LocalProblemException">The request cannot be made, or got no answer.</exception>
    /// <exception cref="SymbolonException">There is no token for it, or it goes elsewhere.</exception>
    public async Task HandleAsync(HttpContext http)
    {
        if (http.Request.Method is "CONNECT" or "TRACE") throw new LocalProblemException(new(StatusCodes.Status405MethodNotAllowed, "unknown_method", "CONNECT and TRACE are not forwarded."));
        var url = target.Check(Header(http, ForwardedHeaders.Target) ?? throw new LocalProblemException(LocalProblem.BadRequest($"The header {ForwardedHeaders.Target} is missing: the address at the API.")));
        var handler = HandlerOf(http);
        if (http.Request.ContentLength > MostBytes) throw new LocalProblemException(new(StatusCodes.Status413PayloadTooLarge, "too_large", $"The body is larger than {MostBytes / 1024 / 1024} MiB."));
        using var request = RequestOf(http, url);
        // The handler at the end belongs to all requests.
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        using var response = await SendAsync(invoker, request, http.RequestAborted);
        http.Response.StatusCode = (int)response.StatusCode;
        ForwardedHeaders.CopyFrom(response, http.Response.Headers);
        await CopyAsync(response, http);
    }

    /// <summary>A caller's token that somebody forgot to pass on must not turn into the server's own, which may do more.</summary>
    private SymbolonHandler HandlerOf(HttpContext http)
    {
        var asServer = Header(http, ForwardedHeaders.AsServer) switch
        {
            null => false,
            "true" => true,
            _ => throw new LocalProblemException(LocalProblem.BadRequest($"{ForwardedHeaders.AsServer} must be true, or left out.")),
        };
        var subject = Header(http, ForwardedHeaders.SubjectToken);
        if (asServer == subject is not null)
            throw new LocalProblemException(LocalProblem.BadRequest($"Send either {ForwardedHeaders.SubjectToken}, the token of the call that the request is for, or {ForwardedHeaders.AsServer}: true for the server's own."));
        var handler = asServer ? SymbolonHandler.AsServer(credential) : new SymbolonHandler(credential, () => new IncomingCall(subject!, http.Request.Headers.TraceParent, http.Request.Headers.TraceState));
        handler.InnerHandler = api;
        return handler;
    }

    private static HttpRequestMessage RequestOf(HttpContext http, Uri url)
    {
        var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), url);
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true)
        {
            request.Content = new StreamContent(http.Request.Body);
            request.Content.Headers.ContentLength = http.Request.ContentLength;
        }
        ForwardedHeaders.CopyTo(request, http.Request.Headers);
        return request;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMessageInvoker invoker, HttpRequestMessage request, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(Patience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        try
        {
            return await invoker.SendAsync(request, both.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new LocalProblemException(new(StatusCodes.Status504GatewayTimeout, "api_silent", $"The API at {target} has not answered within {Patience.TotalMinutes} minutes."));
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException || (fault is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            // What was sent here could not be read, and the API did nothing wrong.
            for (var cause = fault; cause is not null; cause = cause.InnerException)
                if (cause is BadHttpRequestException) throw cause;
            throw new LocalProblemException(new(StatusCodes.Status502BadGateway, "api_unreachable", $"The API at {target} cannot be reached, or broke off."));
        }
    }

    private static async Task CopyAsync(HttpResponseMessage response, HttpContext http)
    {
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        try
        {
            await response.Content.CopyToAsync(http.Response.Body, http.RequestAborted);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            // Part of it is out: only a broken connection says that it is not all.
            http.Abort();
        }
    }

    private static string? Header(HttpContext http, string name) => http.Request.Headers[name] switch
    {
        [] => null,
        [{ Length: > 0 and <= MostToken } only] when !only.AsSpan().ContainsAnyExceptInRange('!', '~') => only,
        _ => throw new LocalProblemException(LocalProblem.BadRequest($"{name} must be sent once, with 1 to {MostToken} visible ASCII characters and no blank.")),
    };
}
