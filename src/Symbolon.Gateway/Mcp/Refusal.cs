using Symbolon.Core.Policy;

namespace Symbolon.Gateway.Mcp;

/// <summary>Why a request goes no further, in our words; what that is in HTTP and JSON-RPC only <see cref="McpResponseWriter"/> knows.</summary>
/// <param name="Text">For the agent or the person behind it. Never a secret, never what the caller may not know.</param>
internal sealed record Refusal(ReasonCode Code, string Text)
{
    /// <summary>What in the server's file refuses the call: <c>arguments.properties.namespace.const</c>.</summary>
    public string? Rule { get; init; }

    /// <summary>The scope that would be needed.</summary>
    public string? Needs { get; init; }

    /// <summary>What the token's <c>authorization_details</c> would have to cover, as scopes of resources; null where it is about something else.</summary>
    public string? Resources { get; init; }

    /// <summary>Both, with a blank between them.</summary>
    public string? AllNeeds => Resources is null ? Needs : Needs is null ? Resources : $"{Needs} {Resources}";

    /// <summary>The protocol versions that work here, for <see cref="ReasonCode.UnsupportedVersion"/>.</summary>
    public IReadOnlyList<string>? Supported { get; init; }

    /// <summary>The version that was asked for.</summary>
    public string? Requested { get; init; }

    /// <summary>What the client would have to declare, as JSON, for <see cref="ReasonCode.MissingCapability"/>.</summary>
    public string? Capabilities { get; init; }

    /// <summary>Seconds after which it makes sense to try again.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>What is wrong with a proof, as RFC 9449 calls it; null where it is about something else, or a token without its proof.</summary>
    public string? ProofError { get; init; }

    /// <summary>For <see cref="RefusalForm.MethodNotAllowed"/>.</summary>
    public string Allow { get; init; } = "POST, GET, DELETE";

    /// <summary>Told apart where one code has several forms.</summary>
    public RefusalForm Form { get; init; }

    public static Refusal Malformed(string text) => new(ReasonCode.MalformedRequest, text) { Form = RefusalForm.InvalidRequest };

    public static Refusal NotJson(string text) => new(ReasonCode.MalformedRequest, text) { Form = RefusalForm.ParseError };

    public static Refusal InvalidParams(string text) => new(ReasonCode.MalformedRequest, text) { Form = RefusalForm.InvalidParams };

    public static Refusal Mismatch(string text) => new(ReasonCode.HeaderMismatch, text);

    public static readonly Refusal UnknownServer = new(ReasonCode.UnknownServer, "There is no such MCP server here.");

    public static readonly Refusal AuditUnavailable =
        new(ReasonCode.AuditUnavailable, "The audit cannot be written now; nothing runs without it.") { RetryAfter = 1 };

    public static readonly Refusal StateStale =
        new(ReasonCode.StateStale, "This node cannot confirm that what it knows is current.") { RetryAfter = 1 };

    public static readonly Refusal Internal = new(ReasonCode.InternalError, "The gateway failed. The call was recorded.");
}

/// <summary>Forms of one reason that differ in HTTP or JSON-RPC.</summary>
internal enum RefusalForm : byte
{
    Usual,
    ParseError,
    InvalidRequest,
    InvalidParams,
    NotAcceptable,
    UnsupportedMediaType,
    MethodNotAllowed,

    /// <summary>No token was shown: the challenge names no error (RFC 6750 §3.1).</summary>
    NoToken,
    UnknownSession,

    /// <summary>A cursor, request state or task that is none of this caller's: -32602 with 200, as for any other wrong value.</summary>
    UnknownState,

    /// <summary>The rest of a stream whose call is not the caller's any more: 403, where no event could say so.</summary>
    NoLongerYours,

    /// <summary>The upstream's fault: HTTP 200, since clients take 5xx for a dead gateway.</summary>
    Upstream,
}
