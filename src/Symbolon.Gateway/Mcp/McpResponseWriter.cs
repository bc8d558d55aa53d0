using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Symbolon.Core.Policy;
using Symbolon.Core.Tools;

namespace Symbolon.Gateway.Mcp;

/// <summary>
/// The only place that knows what an outcome is in HTTP and JSON-RPC: the table of DESIGN.md section 4, Refusals, and the status
/// codes of PROTOCOL.md sections 1.1 and 2.
/// </summary>
internal static class McpResponseWriter
{
    private const string Json = "application/json";
    private const string EventStream = "text/event-stream";

    /// <summary>A whole JSON-RPC message.</summary>
    public static void WriteJson(HttpResponse response, ReadOnlySpan<byte> message, int status = StatusCodes.Status200OK)
    {
        response.StatusCode = status;
        response.ContentType = Json;
        response.ContentLength = message.Length;
        Copy(response, message);
    }

    /// <summary>The headers of an event stream; nothing is sent before the first flush.</summary>
    public static void BeginEvents(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = EventStream;
        var headers = response.Headers;
        // An event may hold what a JSON answer would, which is never stored; no-cache is what proxies know streams by.
        headers.CacheControl = "no-cache, no-store";
        headers["X-Accel-Buffering"] = "no";
    }

    /// <summary>One event with this message; every line of it gets its own <c>data:</c>, so that nothing in it can end the event.</summary>
    /// <param name="id">By which the stream can be taken up again behind it; null for none.</param>
    public static void WriteEvent(HttpResponse response, ReadOnlySpan<byte> message, string? id = null)
    {
        if (id is not null) WriteId(response, id);
        while (true)
        {
            var end = message.IndexOfAny((byte)'\n', (byte)'\r');
            Copy(response, "data: "u8);
            Copy(response, end < 0 ? message : message[..end]);
            Copy(response, "\n"u8);
            if (end < 0) break;
            message = message[(end + 1)..];
        }
        Copy(response, "\n"u8);
    }

    /// <summary>An event stream of this one event; its length is known, so that it needs no chunks.</summary>
    public static void WriteOnlyEvent(HttpResponse response, ReadOnlySpan<byte> message)
    {
        BeginEvents(response);
        if (!message.ContainsAny((byte)'\n', (byte)'\r')) response.ContentLength = "data: \n\n".Length + message.Length;
        WriteEvent(response, message);
    }

    /// <summary>A comment, so that a quiet stream is seen to live; or an empty event, by whose id the stream can be taken up again (2025-11-25).</summary>
    /// <param name="retry">How long a client is to wait before it does; null where nothing new was said.</param>
    public static void WriteAlive(HttpResponse response, string? id = null, TimeSpan? retry = null)
    {
        if (id is not null) WriteId(response, id);
        if (retry is { } pause) Copy(response, Encoding.ASCII.GetBytes($"retry: {(long)pause.TotalMilliseconds}\n"));
        Copy(response, id is null ? ":\n\n"u8 : "data:\n\n"u8);
    }

    private static void WriteId(HttpResponse response, string id) => Copy(response, Encoding.ASCII.GetBytes($"id: {id}\n"));

    public static void WriteStatus(HttpResponse response, int status) => response.StatusCode = status;

    /// <summary>Answers a refusal. On a stream that has begun it is the last event, since the status is long sent.</summary>
    /// <param name="message">What was refused, as far as it was read; its id is echoed.</param>
    /// <param name="hasBegun">The headers of an event stream were written.</param>
    /// <param name="about">Where the code is explained; null where nobody knows.</param>
    /// <param name="challenge">The way to a token, on the OAuth family alone.</param>
    public static void WriteRefusal(
        HttpResponse response, Refusal refusal, McpMessage message, Era era, ByteBuffer scratch, bool hasBegun, string? about, ResourceChallenge? challenge = null)
    {
        scratch.Clear();
        var stepsUp = challenge is not null && refusal.Code == ReasonCode.InsufficientScope;
        var form = (stepsUp ? AnswerForm.Error(StatusCodes.Status403Forbidden) : FormOf(refusal.Code, era)) ?? AnswerForm.Error(StatusCodes.Status500InternalServerError);
        var asResult = form.IsToolResult && message.Method == McpMethod.ToolsCall && message.Id.IsPresent;
        if (asResult) WriteToolResult(refusal, message, era, scratch, about);
        else WriteError(refusal, message, scratch, about);
        if (hasBegun)
        {
            WriteEvent(response, scratch.Span);
            return;
        }
        var status = asResult ? StatusCodes.Status200OK : StatusOf(refusal, form);
        AddHeaders(response.Headers, refusal, status, challenge);
        WriteJson(response, scratch.Span, status);
    }

    /// <summary>
    /// The whole table: each code is named here, and a test holds that none is missing. One that nobody decided is a fault of ours and
    /// never looks like a success.
    /// </summary>
    /// <returns>Null for a code that the table does not have.</returns>
    internal static AnswerForm? FormOf(ReasonCode code, Era era) => code switch
    {
        ReasonCode.Unauthenticated or ReasonCode.TokenExpired or ReasonCode.TokenRevoked or ReasonCode.WrongAudience
            or ReasonCode.ProofRequired or ReasonCode.ProofInvalid => AnswerForm.Error(StatusCodes.Status401Unauthorized),
        ReasonCode.UnknownServer => AnswerForm.Error(StatusCodes.Status404NotFound),
        ReasonCode.MalformedRequest or ReasonCode.HeaderMismatch or ReasonCode.UnsupportedVersion or ReasonCode.MissingCapability =>
            AnswerForm.Error(StatusCodes.Status400BadRequest),
        ReasonCode.UnknownMethod => AnswerForm.Error(era == Era.Modern ? StatusCodes.Status404NotFound : StatusCodes.Status200OK),
        ReasonCode.TooLarge => AnswerForm.Error(StatusCodes.Status413PayloadTooLarge),
        ReasonCode.BadOrigin => AnswerForm.Error(StatusCodes.Status403Forbidden),
        ReasonCode.Overloaded => AnswerForm.Error(StatusCodes.Status429TooManyRequests),
        ReasonCode.AuditUnavailable or ReasonCode.StateStale or ReasonCode.NotDurable => AnswerForm.Error(StatusCodes.Status503ServiceUnavailable),
        ReasonCode.InternalError => AnswerForm.Error(StatusCodes.Status500InternalServerError),
        ReasonCode.UnknownTool or ReasonCode.UpstreamUnreachable or ReasonCode.UpstreamTimeout or ReasonCode.UpstreamInvalid =>
            AnswerForm.Error(StatusCodes.Status200OK),
        ReasonCode.NotGranted or ReasonCode.InsufficientScope or ReasonCode.ToolSuspended or ReasonCode.ServerSuspended
            or ReasonCode.ArgumentNotAllowed or ReasonCode.DeniedByPolicy or ReasonCode.PolicyError or ReasonCode.LimitReached
            or ReasonCode.ApprovalRequired or ReasonCode.ApprovalDenied or ReasonCode.ApprovalExpired => AnswerForm.ToolResult,
        _ => null,
    };

    private static int StatusOf(Refusal refusal, AnswerForm form) => refusal.Form switch
    {
        RefusalForm.Upstream or RefusalForm.UnknownState => StatusCodes.Status200OK,
        RefusalForm.NotAcceptable => StatusCodes.Status406NotAcceptable,
        RefusalForm.UnsupportedMediaType => StatusCodes.Status415UnsupportedMediaType,
        RefusalForm.MethodNotAllowed => StatusCodes.Status405MethodNotAllowed,
        RefusalForm.UnknownSession => StatusCodes.Status404NotFound,
        RefusalForm.NoLongerYours => StatusCodes.Status403Forbidden,
        _ => form.Status,
    };

    private static int JsonRpcCodeOf(Refusal refusal) => (refusal.Form, refusal.Code) switch
    {
        (RefusalForm.ParseError, _) => -32700,
        (RefusalForm.InvalidRequest or RefusalForm.NotAcceptable or RefusalForm.UnsupportedMediaType or RefusalForm.MethodNotAllowed
            or RefusalForm.UnknownSession, _) => -32600,
        (RefusalForm.InvalidParams or RefusalForm.UnknownState, _) or (_, ReasonCode.UnknownTool) => -32602,
        (_, ReasonCode.HeaderMismatch) => -32020,
        (_, ReasonCode.MissingCapability) => -32021,
        (_, ReasonCode.UnsupportedVersion) => -32022,
        (_, ReasonCode.UnknownMethod) => -32601,
        (_, ReasonCode.InternalError) => -32603,
        _ => (int)refusal.Code,
    };

    private static void AddHeaders(IHeaderDictionary headers, Refusal refusal, int status, ResourceChallenge? challenge)
    {
        headers.CacheControl = "no-store";
        if (challenge is not null)
        {
            headers.Vary = HeaderNames.Authorization;
            if (status == StatusCodes.Status401Unauthorized) headers.WWWAuthenticate = challenge.ToUnauthorized(refusal);
            else if (refusal.Code == ReasonCode.InsufficientScope) headers.WWWAuthenticate = challenge.ToInsufficient(refusal.Needs, refusal.Text);
        }
        else if (status == StatusCodes.Status401Unauthorized)
            headers.WWWAuthenticate = refusal.Form == RefusalForm.NoToken
                ? "Bearer"
                : $"Bearer error=\"invalid_token\", error_description=\"{refusal.Text}\"";
        if (status == StatusCodes.Status405MethodNotAllowed) headers.Allow = refusal.Allow;
        if (refusal.RetryAfter is { } seconds) headers[HeaderNames.RetryAfter] = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private static void WriteError(Refusal refusal, McpMessage message, ByteBuffer to, string? about)
    {
        using var json = new Utf8JsonWriter(to);
        json.WriteStartObject();
        json.WriteString("jsonrpc"u8, "2.0"u8);
        // A server that the caller may not know of answers the same bytes whatever was asked.
        if (message.Id.IsPresent && refusal.Code != ReasonCode.UnknownServer) WriteId(json, message);
        json.WriteStartObject("error"u8);
        json.WriteNumber("code"u8, JsonRpcCodeOf(refusal));
        json.WriteString("message"u8, refusal.Text);
        json.WriteStartObject("data"u8);
        json.WriteString("code"u8, refusal.Code.ToText());
        if (about is not null) json.WriteString("about"u8, about);
        if (refusal.Rule is { } rule) json.WriteString("rule"u8, rule);
        if (refusal.AllNeeds is { } needs) json.WriteString("needs"u8, needs);
        if (refusal.RetryAfter is { } seconds) json.WriteNumber("retryAfter"u8, seconds);
        if (refusal.Supported is { } supported)
        {
            json.WriteStartArray("supported"u8);
            foreach (var version in supported) json.WriteStringValue(version);
            json.WriteEndArray();
        }
        if (refusal.Requested is { } requested) json.WriteString("requested"u8, requested);
        if (refusal.Capabilities is { } capabilities)
        {
            json.WritePropertyName("requiredCapabilities"u8);
            json.WriteRawValue(capabilities);
        }
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteToolResult(Refusal refusal, McpMessage message, Era era, ByteBuffer to, string? about)
    {
        using var json = new Utf8JsonWriter(to);
        json.WriteStartObject();
        json.WriteString("jsonrpc"u8, "2.0"u8);
        WriteId(json, message);
        json.WriteStartObject("result"u8);
        if (era == Era.Modern) json.WriteString("resultType"u8, "complete"u8);
        json.WriteStartArray("content"u8);
        json.WriteStartObject();
        json.WriteString("type"u8, "text"u8);
        WriteText(json, refusal.Text, about);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteBoolean("isError"u8, true);
        json.WriteStartObject("_meta"u8);
        json.WriteStartObject("symbolon/refusal"u8);
        json.WriteString("code"u8, refusal.Code.ToText());
        if (about is not null) json.WriteString("about"u8, about);
        json.WriteString("rule"u8, refusal.Rule);
        json.WriteString("needs"u8, refusal.AllNeeds);
        json.WriteNull("request"u8);
        if (refusal.RetryAfter is { } seconds) json.WriteNumber("retryAfter"u8, seconds);
        else json.WriteNull("retryAfter"u8);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>In pieces, so that no text is put together for it.</summary>
    private static void WriteText(Utf8JsonWriter json, string text, string? about)
    {
        json.WritePropertyName("text"u8);
        if (about is null)
        {
            json.WriteStringValue(text);
            return;
        }
        json.WriteStringValueSegment(text, isFinalSegment: false);
        json.WriteStringValueSegment(" What that means: ", isFinalSegment: false);
        json.WriteStringValueSegment(about, isFinalSegment: true);
    }

    private static void WriteId(Utf8JsonWriter json, McpMessage message)
    {
        json.WritePropertyName("id"u8);
        json.WriteRawValue(message.At(message.Id), skipInputValidation: true);
    }

    private static void Copy(HttpResponse response, ReadOnlySpan<byte> bytes)
    {
        var writer = response.BodyWriter;
        while (!bytes.IsEmpty)
        {
            var room = writer.GetSpan(Math.Min(bytes.Length, 4096));
            var taken = Math.Min(room.Length, bytes.Length);
            bytes[..taken].CopyTo(room);
            writer.Advance(taken);
            bytes = bytes[taken..];
        }
    }
}
