using System.Threading.Tasks.Sources;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Core.Policy;

namespace Symbolon.Core.Audit;

/// <summary>
/// One record before it has its place in the chain. Fields that do not apply stay null and are not written.
/// Times are microseconds since the Unix epoch, durations microseconds. Once appended it belongs to the log until
/// <see cref="Durable"/> has answered: nobody else writes to it.
/// </summary>
/// <remarks>The JSON form and its schema version are in <see cref="AuditEventJson"/>.</remarks>
public sealed class AuditEvent : IValueTaskSource<bool>
{
    private ManualResetValueTaskSourceCore<bool> completion = new() { RunContinuationsAsynchronously = true };
    private int completed;
    private volatile bool hasWaiter;

    public AuditKind Kind { get; set; }
    public OrganisationId Organisation { get; set; } = OrganisationId.Default;
    public long Time { get; set; }

    /// <summary>Ties intent and outcome of one request together.</summary>
    public Guid? Call { get; set; }

    // Who.
    public string? User { get; set; }
    public string? Agent { get; set; }
    public string? Workflow { get; set; }
    public string? Initiator { get; set; }
    public string? Token { get; set; }

    /// <summary>The administrator (or program part) behind a change.</summary>
    public string? By { get; set; }

    /// <summary>Address of the peer, for refusals before authentication and for admin changes.</summary>
    public string? Peer { get; set; }

    // What.
    public string? Method { get; set; }
    public string? Server { get; set; }
    public string? Tool { get; set; }
    public string? Effect { get; set; }
    public string? ProtocolVersion { get; set; }

    /// <summary>Trace id of <c>params._meta.traceparent</c>, 32 hex digits. Asserted by the caller, not trusted.</summary>
    public string? Trace { get; set; }

    /// <summary>HMAC-SHA-256 of the canonical arguments under the organisation's audit key, and their size in bytes as sent.</summary>
    public ReadOnlyMemory<byte> ArgumentsHmac { get; set; }
    public int? ArgumentsSize { get; set; }

    /// <summary>What the server's file lets be recorded of them, redacted: canonical JSON with integers only. Null where it lets nothing.</summary>
    public byte[]? Arguments { get; set; }

    // Decision.
    public bool? Allowed { get; set; }
    public ReasonCode? Code { get; set; }

    /// <summary>The scope by which it was allowed, e.g. <c>mcp:deploy:@read</c>.</summary>
    public string? Scope { get; set; }
    public string? Grant { get; set; }

    /// <summary>The rule that decided, limited or could not be evaluated: <c>policy/rule</c>, or <c>policy/default</c>.</summary>
    public string? Rule { get; set; }

    /// <summary>What rules in <c>mode: observe</c> would have said, with blanks between them: <c>refunds/large-refunds:deny</c>.</summary>
    public string? Observed { get; set; }

    /// <summary>
    /// The proof that the request came with, used in the same commit as this record (RFC 9449 §11.1). If it turns out to be a replay, the record
    /// becomes durable as a refusal with <see cref="ReasonCode.ProofInvalid"/>, and <see cref="ProofUse.IsReplay"/> says so before the log answers.
    /// </summary>
    public ProofUse? Proof { get; set; }

    // Outcome.
    public CallOutcome? Outcome { get; set; }
    public int? UpstreamStatus { get; set; }
    public long? Duration { get; set; }
    public long? AnswerSize { get; set; }

    /// <summary>For <see cref="AuditKind.Refusals"/>: how many within the second.</summary>
    public int? Count { get; set; }

    /// <summary>The object or level that a change touched, e.g. <c>Server/deploy</c>, and what happened to it, in plain words.</summary>
    public string? Target { get; set; }
    public string? Action { get; set; }
    public string? Reason { get; set; }
    public long? ObjectVersion { get; set; }

    /// <summary>True when the record is in the store for good; false when it could not be written within the time that a call waits (2 s).</summary>
    public ValueTask<bool> Durable() => new(this, completion.Version);

    /// <summary>Somebody awaits <see cref="Durable"/> at this moment.</summary>
    public bool HasWaiter => hasWaiter;

    /// <summary>The log has said already that it will not become durable.</summary>
    internal bool HasFailed =>
        completion.GetStatus(completion.Version) == ValueTaskSourceStatus.Succeeded && !completion.GetResult(completion.Version);

    /// <summary>Called by the log, once; later calls change nothing and answer false.</summary>
    public bool Complete(bool durable)
    {
        if (Interlocked.Exchange(ref completed, 1) != 0) return false;
        completion.SetResult(durable);
        return true;
    }

    /// <summary>Makes it usable for another request. Only for an event whose <see cref="Durable"/> was awaited and that the log has let go.</summary>
    internal void Reset()
    {
        completion.Reset();
        completed = 0;
        hasWaiter = false;
        Call = null;
        User = Agent = Workflow = Initiator = Token = By = Peer = null;
        Method = Server = Tool = Effect = ProtocolVersion = Trace = null;
        ArgumentsHmac = default;
        ArgumentsSize = null;
        Arguments = null;
        Allowed = null;
        Code = null;
        Scope = Grant = Rule = Observed = null;
        Proof = null;
        Outcome = null;
        UpstreamStatus = Count = null;
        Duration = AnswerSize = ObjectVersion = null;
        Target = Action = Reason = null;
    }

    bool IValueTaskSource<bool>.GetResult(short token) => completion.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => completion.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        hasWaiter = true;
        completion.OnCompleted(continuation, state, token, flags);
    }
}
