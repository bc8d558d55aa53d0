using System.Text.Json.Nodes;
using Symbolon.Client;

namespace Symbolon.Cli.Sidecar;

/// <summary>Every route of the sidecar, and what becomes of what goes wrong there.</summary>
/// <param name="verify">Null where the sidecar was not told the server's own address.</param>
/// <param name="log">Told of what failed, by its code; nothing that was sent is in it.</param>
internal sealed class SidecarEndpoints(LocalGuard guard, TokenEndpoints tokens, VerifyEndpoint? verify, ForwardEndpoint forward, Action<string> log)
{
    public async Task HandleAsync(HttpContext http)
    {
        try
        {
            if (guard.Check(http.Request) is { } problem) await problem.WriteAsync(http);
            else await RouteAsync(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for the answer any more.
        }
        catch (Exception fault) when (!http.Response.HasStarted)
        {
            var problem = ProblemOf(fault);
            log($"{http.Request.Method} {RouteOf(http.Request)} failed: {problem.Code}");
            await problem.WriteAsync(http);
        }
    }

    private Task RouteAsync(HttpContext http) => (RouteOf(http.Request), http.Request.Method) switch
    {
        ("/token", "GET") => AnswerAsync(http, tokens.OwnAsync),
        ("/proof", "POST") => AnswerAsync(http, tokens.ProofAsync),
        ("/exchange", "POST") => AnswerAsync(http, tokens.ExchangeAsync),
        ("/verify", "POST") => AnswerAsync(http, (verify ?? throw new LocalProblemException(new(StatusCodes.Status404NotFound, "not_configured", "Start the sidecar with --url, the server's address as Symbolon knows it, to verify calls."))).HandleAsync),
        ("/forward", _) => forward.HandleAsync(http),
        ("/token" or "/proof" or "/exchange" or "/verify", _) => throw new LocalProblemException(new(StatusCodes.Status405MethodNotAllowed, "unknown_method", "GET /token; POST /proof, /exchange and /verify.")),
        _ => throw new LocalProblemException(new(StatusCodes.Status404NotFound, "not_found", "There is /token, /proof, /exchange, /verify and /forward.")),
    };

    private static async Task AnswerAsync(HttpContext http, Func<HttpContext, Task<JsonObject>> work)
    {
        var answer = await work(http);
        http.Response.Headers.CacheControl = "no-store";
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(answer.ToJsonString(), http.RequestAborted);
    }

    private static LocalProblem ProblemOf(Exception fault) => fault switch
    {
        LocalProblemException known => known.Problem,
        SymbolonException refused => LocalProblem.Of(refused),
        BadHttpRequestException bad => new(bad.StatusCode, bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? "too_large" : "malformed_request", "The request could not be read, or is too large."),
        _ => new(StatusCodes.Status500InternalServerError, "internal_error", $"The sidecar failed: {fault.GetType().Name}."),
    };

    /// <summary>A route, or nothing of what was sent.</summary>
    private static string RouteOf(HttpRequest request) => request.Path.Value is "/token" or "/proof" or "/exchange" or "/verify" or "/forward" ? request.Path.Value : "";
}
