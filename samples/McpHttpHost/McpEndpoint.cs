using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace McpHttpHost;

/// <summary>Streamable HTTP around the SDK's transport: POST carries a message, GET opens the stream of a session, DELETE ends it.</summary>
internal sealed class McpEndpoint(McpSessions sessions, IHostApplicationLifetime lifetime)
{
    private const string SessionHeader = "Mcp-Session-Id";
    private const string VersionHeader = "MCP-Protocol-Version";
    private const string FirstStateless = "2026-07-28";

    private static readonly JsonTypeInfo<JsonRpcMessage> Message =
        (JsonTypeInfo<JsonRpcMessage>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage));

    public void Map(WebApplication app)
    {
        app.MapPost("/mcp", PostAsync);
        app.MapGet("/mcp", GetAsync);
        app.MapDelete("/mcp", DeleteAsync);
    }

    private async Task PostAsync(HttpContext context)
    {
        if (await ReadAsync(context) is not { } message) return;
        var version = context.Request.Headers[VersionHeader].ToString();
        if (string.CompareOrdinal(version, FirstStateless) >= 0)
        {
            message.Context = new JsonRpcMessageContext { ProtocolVersion = version };
            await using var once = sessions.OpenForOneRequest();
            await AnswerAsync(context, once, message);
        }
        else if (message is JsonRpcRequest { Method: RequestMethods.Initialize })
        {
            var opened = await sessions.OpenAsync();
            context.Response.Headers[SessionHeader] = opened.Transport.SessionId;
            await AnswerAsync(context, opened, message);
        }
        else if (await FindAsync(context) is { } session)
        {
            await AnswerAsync(context, session, message);
        }
    }

    private async Task GetAsync(HttpContext context)
    {
        if (string.CompareOrdinal(context.Request.Headers[VersionHeader].ToString(), FirstStateless) >= 0)
        {
            context.Response.Headers.Allow = "POST";
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }
        if (await FindAsync(context) is not { } session) return;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        StartStream(context);
        try
        {
            await context.Response.Body.FlushAsync(ended.Token);
            await session.Transport.HandleGetRequestAsync(context.Response.Body, ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested) { }
        catch (InvalidOperationException) when (!context.Response.HasStarted)
        {
            // The session's one stream is open already.
            context.Response.StatusCode = StatusCodes.Status409Conflict;
        }
    }

    private async Task DeleteAsync(HttpContext context) =>
        context.Response.StatusCode = await sessions.CloseAsync(context.Request.Headers[SessionHeader].ToString())
            ? StatusCodes.Status204NoContent
            : StatusCodes.Status404NotFound;

    private static async Task<JsonRpcMessage?> ReadAsync(HttpContext context)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(context.Request.Body, Message, context.RequestAborted);
        }
        catch (JsonException)
        {
            await WriteErrorAsync(context, StatusCodes.Status400BadRequest, -32700, "The body is not a JSON-RPC message.");
            return null;
        }
    }

    private async Task<McpSession?> FindAsync(HttpContext context)
    {
        var id = context.Request.Headers[SessionHeader].ToString();
        if (id.Length == 0) await WriteErrorAsync(context, StatusCodes.Status400BadRequest, -32600, "Mcp-Session-Id is missing: initialize first.");
        else if (sessions.Find(id) is { } session) return session;
        else await WriteErrorAsync(context, StatusCodes.Status404NotFound, -32600, "Unknown session.");
        return null;
    }

    private static async Task AnswerAsync(HttpContext context, McpSession session, JsonRpcMessage message)
    {
        StartStream(context);
        var answered = await session.Transport.HandlePostRequestAsync(message, context.Response.Body, first =>
        {
            // The stateless revision gives some protocol errors an HTTP status of their own.
            if (first is JsonRpcError { Error.Code: var code } && message.Context?.ProtocolVersion is not null)
                context.Response.StatusCode = code switch { -32601 => 404, -32020 or -32021 or -32022 or -32700 or -32600 => 400, _ => 200 };
            return ValueTask.CompletedTask;
        }, context.RequestAborted);
        if (answered) return;
        context.Response.Headers.ContentType = default;
        context.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    private static void StartStream(HttpContext context)
    {
        context.Response.Headers.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache";
        context.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
    }

    private static Task WriteErrorAsync(HttpContext context, int status, int code, string text)
    {
        context.Response.StatusCode = status;
        // An error that belongs to no request has a null id, which the SDK's own type cannot say.
        return context.Response.WriteAsJsonAsync(new { jsonrpc = "2.0", id = (object?)null, error = new { code, message = text } });
    }
}
