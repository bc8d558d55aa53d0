using System.Runtime.CompilerServices;
using Symbolon.Core.Audit;
using Symbolon.Gateway.Mcp;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>Records that a call is about to go out. A read may go while that is being committed; anything else waits. DESIGN.md section 4, Audit durability.</summary>
internal sealed class CallIntent(CallRecord record, IAuditLog audit, GatewayOptions limits)
{
    /// <returns>Null when the call may go out.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Reply?> RecordAsync(Exchange exchange, bool isRead)
    {
        if (!audit.IsHealthy) return new Reply.Refused(Refusal.AuditUnavailable);
        // The intent says whether the proof was used before: without it a replayed read would run.
        var isAwaited = !isRead || limits.IntentFirstForReads || exchange.Proof is not null;
        if (!record.AppendIntent(exchange, allowed: true, code: null, isAwaited)) return new Reply.Refused(Refusal.AuditUnavailable);
        if (!isAwaited) return null;
        if (!await exchange.Entry!.IntentDurable()) return new Reply.Refused(Refusal.AuditUnavailable);
        return exchange.Entry.IsReplay ? CallRecord.Replayed : null;
    }
}
