using Symbolon.Core.Audit;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Core.Policy;

namespace Symbolon.Testing.Gateway;

/// <summary>What was recorded, in order. Records are durable at once, unless the test holds them or lets them fail. A proof is good for one record.</summary>
public sealed class MemoryAuditLog : IAuditLog
{
    private readonly Lock gate = new();
    private readonly List<Recorded> records = [];
    private readonly List<AuditEvent> held = [];
    private readonly HashSet<ProofUse> proofs = new(ProofUse.SameProof);

    public bool IsHealthy { get; set; } = true;

    /// <summary>Appended records become durable only by <see cref="Release"/>.</summary>
    public bool Holds { get; set; }

    /// <summary>Answers which records fail instead of becoming durable.</summary>
    public Func<AuditEvent, bool> Fails { get; set; } = _ => false;

    public IReadOnlyList<Recorded> Records
    {
        get
        {
            lock (gate) return [.. records];
        }
    }

    public void Append(AuditEvent record)
    {
        lock (gate)
        {
            if (record.Proof is { } proof && !proofs.Add(proof))
            {
                proof.Reject();
                (record.Allowed, record.Code) = (false, ReasonCode.ProofInvalid);
            }
            records.Add(Recorded.Of(record));
            if (Holds)
            {
                held.Add(record);
                return;
            }
        }
        record.Complete(!Fails(record));
    }

    public void Release(bool durable = true)
    {
        AuditEvent[] waiting;
        lock (gate)
        {
            waiting = [.. held];
            held.Clear();
        }
        foreach (var record in waiting) record.Complete(durable);
    }

    /// <summary>The fields that tests look at, copied when the record was appended.</summary>
    public sealed record Recorded(
        AuditKind Kind, Guid? Call, string? User, string? Agent, string? Token, string? Method, string? Server, string? Tool,
        bool? Allowed, ReasonCode? Code, CallOutcome? Outcome, string? Scope, int? Count, string? Action, string Hmac, string? Trace, string? Arguments, string? Reason, string? Target, string? Grant, string? Rule, string? Observed)
    {
        public static Recorded Of(AuditEvent record) => new(
            record.Kind, record.Call, record.User, record.Agent, record.Token, record.Method, record.Server, record.Tool,
            record.Allowed, record.Code, record.Outcome, record.Scope, record.Count, record.Action,
            Convert.ToHexStringLower(record.ArgumentsHmac.Span), record.Trace,
            record.Arguments is { } kept ? System.Text.Encoding.UTF8.GetString(kept) : null,
            record.Reason, record.Target, record.Grant, record.Rule, record.Observed);
    }
}
