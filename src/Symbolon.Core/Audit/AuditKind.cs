namespace Symbolon.Core.Audit;

/// <summary>What a record tells. DESIGN.md section 4, Audit durability.</summary>
public enum AuditKind
{
    /// <summary>A call was decided; written before a call that is not a read goes out.</summary>
    CallIntent,

    /// <summary>How that call ended.</summary>
    CallOutcome,

    /// <summary>Any other MCP request, whole in one record: initialize, discover, lists, session end, streams.</summary>
    Request,

    /// <summary>Requests refused before a caller was known, counted by address, reason and second.</summary>
    Refusals,

    /// <summary>A change made through the admin API, allowed or refused.</summary>
    AdminChange,

    TokenIssued,
    TokenRotated,

    /// <summary>A server asked for a token of its API for the caller of a call.</summary>
    TokenExchanged,

    /// <summary>A server's runtime came with an enrolment code and a key.</summary>
    Enrolment,

    /// <summary>A person was asked by a client, and allowed it something or not; also what led there: a request that a client pushed.</summary>
    Consent,
    Revocation,

    /// <summary>An upstream's listed definition differs from the reviewed one, or is back.</summary>
    Drift,

    /// <summary>An upstream sent something that nobody asked for; it was dropped.</summary>
    UpstreamDropped,

    /// <summary>Events that the webhook, or an API, could not be told were given up.</summary>
    AnnouncementDropped,

    NodeStarted,
    NodeStopped,
}

/// <summary>How a call ended. Where it did not end with a result, <see cref="AuditEvent.Code"/> says why.</summary>
public enum CallOutcome
{
    /// <summary>The upstream answered with a result.</summary>
    Completed,

    /// <summary>The upstream answered with a result marked <c>isError</c>.</summary>
    ToolError,

    /// <summary>The upstream answered with a JSON-RPC error.</summary>
    UpstreamError,

    /// <summary>Refused by us; nothing went out.</summary>
    Refused,

    /// <summary>Forwarded, but no usable answer came.</summary>
    Failed,

    /// <summary>The caller cancelled or left.</summary>
    Cancelled,

    /// <summary>
    /// Its stream ended before the answer, and the client comes for the rest with the id of the last event: a request with the id of this call says how it ended,
    /// each time that somebody comes.
    /// </summary>
    Deferred,

    /// <summary>The node died before the end was recorded; the call may or may not have happened.</summary>
    Unknown,
}
