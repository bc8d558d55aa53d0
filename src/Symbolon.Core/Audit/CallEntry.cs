using System.Runtime.CompilerServices;
using Symbolon.Core.Identity;

namespace Symbolon.Core.Audit;

/// <summary>
/// The audit of one MCP request: opened before the caller is known, closed whatever happened. Rented for the length of a request;
/// nothing may touch it after <see cref="CloseAsync"/>.
/// </summary>
public sealed class CallEntry
{
    private CallEntryPool? home;
    private IAuditLog log = null!;
    private bool intentAppended;
    private bool intentAhead;
    private bool intentDurable;
    private bool intentFailed;

    private CallEntry() { }

    /// <summary>Who, what and decision. Free to write until <see cref="AppendIntent"/>.</summary>
    public AuditEvent Request { get; } = new();

    /// <summary>The second record of a call; the first fields are copied when it closes.</summary>
    private AuditEvent Result { get; } = new();

    public static CallEntry Open(CallEntryPool pool, IAuditLog log, OrganisationId organisation, long time)
    {
        var entry = pool.TryTake() ?? new CallEntry();
        entry.home = pool;
        entry.log = log;
        entry.intentAppended = entry.intentAhead = entry.intentDurable = entry.intentFailed = false;
        entry.Request.Kind = AuditKind.Request;
        entry.Request.Organisation = organisation;
        entry.Request.Time = time;
        entry.Request.Call = CallId.New(time / 1000);
        return entry;
    }

    /// <summary>Queues the intent: from here on the request will have two records. What was decided may not change any more.</summary>
    /// <param name="isAwaited">Whether the call stands still until the intent is durable.</param>
    /// <returns>False when the log did not even take it: nothing may be forwarded.</returns>
    public bool AppendIntent(bool isAwaited)
    {
        Request.Kind = AuditKind.CallIntent;
        intentAppended = true;
        intentAhead = !isAwaited;
        if (isAwaited) log.Append(Request);
        else log.AppendAhead(Request);
        intentFailed = Request.HasFailed;
        return !intentFailed;
    }

    /// <summary>Waits for the intent; at most the 2 s that the log allows.</summary>
    /// <returns>False: the call must not go on (<c>audit_unavailable</c>).</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> IntentDurable()
    {
        if (intentAhead) log.Hasten();
        intentDurable = await Request.Durable();
        intentFailed = !intentDurable;
        return intentDurable;
    }

    public bool HasIntent => intentAppended;

    /// <summary>The request's proof was used before: the call must not go on (<c>proof_invalid</c>). Known once <see cref="IntentDurable"/> has answered.</summary>
    public bool IsReplay => Request.Proof is { IsReplay: true };

    /// <summary>Queues the last record and waits until it is durable. Never throws for a broken store.</summary>
    /// <returns>
    /// False: the answer must be withheld (<c>audit_unavailable</c>; or <c>proof_invalid</c> where <see cref="AuditEvent.Proof"/> turned out to be a replay
    /// that this end does not tell of).
    /// </returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> CloseAsync(CallEnd end)
    {
        var last = intentAppended ? CopyOfRequest() : Request;
        end.WriteTo(last);
        log.Append(last);
        // The call has waited once, and nothing went out: no second wait for a log that does not write.
        if (intentFailed) return false;
        // The last first: the intent was queued before it, and so its answer is there as well.
        var durable = await last.Durable();
        if (intentAppended && !intentDurable) durable &= await Request.Durable();
        var isTrue = durable && (!IsReplay || end.Code == Policy.ReasonCode.ProofInvalid);
        // A record that timed out may still be in the writer's hands: only entries that are done go back.
        if (durable) Return();
        return isTrue;
    }

    /// <summary>
    /// Gives the entry back unwritten: for what has no record of its own (ping, notifications) or is counted instead (refusals
    /// before authentication). Not after <see cref="AppendIntent"/>.
    /// </summary>
    public void Discard()
    {
        if (intentAppended) throw new InvalidOperationException("An intent was appended: the entry has to be closed.");
        Return();
    }

    private AuditEvent CopyOfRequest()
    {
        Result.Kind = AuditKind.CallOutcome;
        Result.Organisation = Request.Organisation;
        Result.Call = Request.Call;
        Result.User = Request.User;
        Result.Agent = Request.Agent;
        Result.Workflow = Request.Workflow;
        Result.Token = Request.Token;
        Result.Server = Request.Server;
        Result.Tool = Request.Tool;
        return Result;
    }

    private void Return()
    {
        Request.Reset();
        Result.Reset();
        home!.Return(this);
    }
}

/// <summary>How a request ended, as its last record says.</summary>
/// <param name="Rule">That ended it, where none did before it went out.</param>
public readonly record struct CallEnd(
    long Time, CallOutcome Outcome, Policy.ReasonCode? Code, int? UpstreamStatus, long Duration, long AnswerSize, string? Rule = null)
{
    internal void WriteTo(AuditEvent record)
    {
        if (record.Kind == AuditKind.CallOutcome) record.Time = Time;
        record.Outcome = Outcome;
        record.Code = Code;
        record.UpstreamStatus = UpstreamStatus;
        record.Duration = Duration;
        record.AnswerSize = AnswerSize;
        record.Rule = Rule ?? record.Rule;
    }
}
