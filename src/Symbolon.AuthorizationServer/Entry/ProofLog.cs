using Symbolon.Core;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Policy;
using Symbolon.Core.Snapshot;

namespace Symbolon.AuthorizationServer.Entry;

/// <summary>
/// Uses up the proof of a client together with the record of what was decided, in one transaction: nothing leaves before both are durable, and
/// a refusal uses it up as well.
/// </summary>
internal sealed class ProofLog(IProofUses uses, IAuditLog audit, IRefusalLog refusals, TimeProvider clock)
{
    private static readonly OAuthError Replayed = OAuthError.InvalidClient("The client assertion was used before; each is good for one request.");
    private static readonly OAuthError NotDurable = OAuthError.TemporarilyUnavailable("It cannot be recorded at this moment; nothing was done.");

    /// <param name="record">What was decided, or null for a request that has no record of its own.</param>
    /// <returns>Null when it is durable; else what to answer instead.</returns>
    public async Task<OAuthError?> UseAsync(ClientRequest request, AuditEvent? record)
    {
        try
        {
            if (request.Proof.Use is { } use)
            {
                // Not cancelled by a client that leaves: what was begun is answered.
                if (await uses.TryUseAsync([use], record is null ? [] : [record], CancellationToken.None)) return null;
                refusals.Record(request.Organisation, request.Peer, ReasonCode.Unauthenticated);
                return Replayed;
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

    /// <summary>Records that a request of this client was refused.</summary>
    /// <param name="action">What it wanted, in plain words.</param>
    /// <returns>What to answer.</returns>
    public async Task<OAuthError> RefuseAsync(ClientRequest request, AuditKind kind, string action, OAuthError why)
    {
        var record = RecordOf(request, kind, request.Client.Self, $"{action} refused: {why.Code}");
        record.Allowed = false;
        record.Code = why.Code switch
        {
            "invalid_scope" or "invalid_target" or "unauthorized_client" => ReasonCode.NotGranted,
            "temporarily_unavailable" => ReasonCode.NotDurable,
            _ => ReasonCode.MalformedRequest,
        };
        return await UseAsync(request, record) ?? why;
    }

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
        Action = action,
        Allowed = true,
    };
}
