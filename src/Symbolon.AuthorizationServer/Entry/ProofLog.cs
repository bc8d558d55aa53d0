using Symbolon.AuthorizationServer.Issuing;
using Symbolon.Core;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.OAuth.Authorizations;
using Symbolon.Core.Policy;
using Symbolon.Core.Snapshot;
using Symbolon.Jose.Proofs;

namespace Symbolon.AuthorizationServer.Entry;

/// <summary>
/// Uses up what a request has shown, its client's assertion and the proof of a key, together with the record of what was decided, in one transaction:
/// nothing leaves before all of it is durable, and a refusal uses it up as well.
/// </summary>
internal sealed class ProofLog(IProofUses proofs, IAuthorizationStore authorizations, IAuditLog audit, IRefusalLog refusals, TimeProvider clock)
{
    private static readonly OAuthError Replayed = OAuthError.InvalidClient("The client assertion was used before; each is good for one request.");
    private static readonly OAuthError ReplayedProof = OAuthError.InvalidProof(new ProofRefusal(ProofFault.Replayed));
    private static readonly OAuthError NotDurable = OAuthError.TemporarilyUnavailable("It cannot be recorded at this moment; nothing was done.");

    /// <param name="record">What was decided, or null for a request that has no record of its own.</param>
    /// <returns>Null when it is durable; else what to answer instead.</returns>
    public async Task<OAuthError?> UseAsync(ClientRequest request, AuditEvent? record)
    {
        try
        {
            if (request.Uses is { Count: > 0 } uses)
            {
                // Not cancelled by a client that leaves: what was begun is answered.
                return await proofs.TryUseAsync(uses, record is null ? [] : [record], CancellationToken.None) ? null : Replay(request);
            }
            if (record is null) return null;
            audit.Append(record);
            return await record.Durable() ? null : NotDurable;
        }
        catch (StoreUnavailableException)
        {
            return NotDurable;
        }
    }

    /// <summary>The same with a step in the life of an authorization, all in one transaction.</summary>
    /// <returns>Whether the step found what it expected; if not, nothing was done and no proof is used up. And what to answer, null when it is durable.</returns>
    public async Task<(bool Found, OAuthError? Error)> UseAsync(ClientRequest request, AuditEvent record, AuthorizationWrite step)
    {
        try
        {
            switch (await authorizations.WriteAsync(request.Organisation, step, request.Uses, [record], CancellationToken.None))
            {
                case AuthorizationCommit.Done: return (true, null);
                case AuthorizationCommit.Conflict: return (false, null);
                default: return (true, Replay(request));
            }
        }
        catch (StoreUnavailableException)
        {
            return (true, NotDurable);
        }
    }

    /// <summary>Counts what turned out to be used before, once the store has said so.</summary>
    /// <returns>What to answer.</returns>
    public OAuthError Replay(ClientRequest request)
    {
        var isAssertion = request.Proof.Use is { IsReplay: true };
        refusals.Record(request.Organisation, request.Peer, isAssertion ? ReasonCode.Unauthenticated : ReasonCode.ProofInvalid);
        return isAssertion ? Replayed : ReplayedProof;
    }

    /// <summary>Records that a request of this client was refused. One that only has to come again with a nonce was not: that is no record.</summary>
    /// <param name="action">What it wanted, in plain words.</param>
    /// <returns>What to answer.</returns>
    public async Task<OAuthError> RefuseAsync(ClientRequest request, AuditKind kind, string action, OAuthError why)
    {
        if (why.Code == ProofRefusal.UseNonce) return await UseAsync(request, record: null) ?? why;
        if (request.Client.IsAnybodys)
        {
            // Anybody can come with its name, or make one like it, and fill the disk with records. What ends a family is a record of its own.
            refusals.Record(request.Organisation, request.Peer, CodeOf(why));
            return await UseAsync(request, record: null) ?? why;
        }
        var record = RecordOf(request, kind, request.Client.Self, $"{action} refused: {why.Code}");
        record.Allowed = false;
        record.Code = CodeOf(why);
        record.Reason = request.Proof.Workload?.InWords;
        if (request.Facts is { Subject: { } subject } facts)
        {
            DownstreamOrder.Describe(record, subject);
            record.Scope = facts.Allowed is { } allowed ? Scopes.ForRecord(allowed) : null;
            if (facts.Asked is { } asked) record.Reason += $", asked for {asked}";
        }
        return await UseAsync(request, record) ?? why;
    }

    private static ReasonCode CodeOf(OAuthError why) => why.Code switch
    {
        "invalid_scope" or "invalid_target" or "unauthorized_client" => ReasonCode.NotGranted,
        ProofRefusal.Invalid => why.LacksProof ? ReasonCode.ProofRequired : ReasonCode.ProofInvalid,
        "invalid_grant" or "invalid_client" => ReasonCode.Unauthenticated,
        "temporarily_unavailable" => ReasonCode.NotDurable,
        _ => ReasonCode.MalformedRequest,
    };

    /// <summary>A record of this request; the caller adds what it did.</summary>
    public AuditEvent RecordOf(ClientRequest request, AuditKind kind, Holder? holder, string action) => new()
    {
        Kind = kind,
        Organisation = request.Organisation,
        Time = clock.Microseconds(),
        By = request.Id.Value,
        Peer = request.Peer?.ToString(),
        User = holder?.User?.Value,
        Agent = holder?.Agent?.Value,
        Workflow = holder?.Workflow?.Value,
        Server = request.Client.Server?.Value,
        Trace = request.Facts.Trace,
        Action = action,
        Allowed = true,
    };
}
