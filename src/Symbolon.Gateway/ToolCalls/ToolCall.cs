using System.Runtime.CompilerServices;
using Symbolon.Core.Audit;
using Symbolon.Core.Policy;
using Symbolon.Gateway.Mcp;
using Symbolon.Gateway.Upstreams;
using Symbolon.Jose.Json;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>
/// <c>tools/call</c>: decided check by check, its intent recorded, forwarded, its answer held. A read may go out while its intent is
/// being committed; anything else waits. DESIGN.md section 4, Order of checks and Audit durability.
/// </summary>
internal sealed class ToolCall(
    RequestEra eras, CallCredentials credentials, UpstreamRelay relay, CallRecord record, IAuditLog audit, GatewayOptions limits)
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Reply> AnswerAsync(Exchange exchange) =>
        Decide(exchange)                                                    // tool, scope and grant
        ?? HoldToLimits(exchange)                                           // authorization_details of the token
        ?? await eras.EnsureSpokenAsync(exchange)                           // what the upstream lists is known
        ?? CompareDefinition(exchange)                                      // digest, then argument names against the schema
        ?? ArgumentCheck.Hold(exchange)                                     // constraints of the tool's file
        ?? await credentials.FindAsync(exchange)
        ?? await RecordIntentAsync(exchange)
        ?? Prepare(exchange)
        ?? await relay.SendAsync(exchange)
        ?? Judge(exchange);

    private static Reply.Refused? Decide(Exchange exchange)
    {
        if (exchange.IsServerSuspended) return new Reply.Refused(ToolRefusals.ServerSuspended);
        var name = JsonValue.Root(exchange.Message.At(exchange.Message.Name));
        var reach = exchange.Standing!.Reach;
        if (name.TryGetPlainText(out var plain)) exchange.Tool = reach.Find(plain);
        else exchange.Tool = name.TryGetString(out var decoded) ? reach[decoded] : ToolReach.Unknown;
        return exchange.Tool.Decision is Decision.Deny deny ? new Reply.Refused(ToolRefusals.Of(deny, exchange)) : null;
    }

    private static Reply.Refused? HoldToLimits(Exchange exchange) => exchange.Tool!.Limits is { } limits ? ResourceCheck.Hold(exchange, limits) : null;

    private static Reply.Refused? CompareDefinition(Exchange exchange)
    {
        var tool = exchange.Tool!.Tool!;
        if (exchange.Upstream![exchange.Era].Tools[tool.Name.Value] is not { } live) return new Reply.Refused(ToolRefusals.Unknown(tool.Name.Value));
        if (exchange.Tool.IsSuspended || !DriftWatch.IsReviewed(tool, live, exchange.Era)) return new Reply.Refused(ToolRefusals.Suspended(tool.Name.Value));
        exchange.Message.Params.TryGetObject("arguments"u8, out var arguments);
        if (exchange.Era == Core.Tools.Era.Modern && live.Input.CompareHeaders(exchange.Http.Request.Headers, arguments) is { } mismatch)
            return new Reply.Refused(mismatch);
        return live.Input.FindImitation(arguments) is { } imitated ? new Reply.Refused(ToolRefusals.Imitation(imitated)) : null;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Reply?> RecordIntentAsync(Exchange exchange)
    {
        if (!audit.IsHealthy) return new Reply.Refused(Refusal.AuditUnavailable);
        // The intent says whether the proof was used before: without it a replayed read would run.
        var isAwaited = !exchange.Tool!.IsRead || limits.IntentFirstForReads || exchange.Proof is not null;
        if (!record.AppendIntent(exchange, allowed: true, code: null, isAwaited)) return new Reply.Refused(Refusal.AuditUnavailable);
        if (!isAwaited) return null;
        if (!await exchange.Entry!.IntentDurable()) return new Reply.Refused(Refusal.AuditUnavailable);
        return exchange.Entry.IsReplay ? CallRecord.Replayed : null;
    }

    private static Reply.Refused? Prepare(Exchange exchange)
    {
        exchange.Request = Forwarding.Post(exchange);
        return Forwarding.TryAddMirrors(exchange, exchange.Request) ? null : new Reply.Refused(Forwarding.NotMirrored);
    }

    private static Reply Judge(Exchange exchange)
    {
        if (exchange.Envelope.AsksForInput)
            return new Reply.Failed(UpstreamFault.Invalid("with a request for input, which is not relayed").ToRefusal());
        return exchange.Envelope.Kind == AnswerKind.Error ? Reply.Message.UpstreamError
            : exchange.Envelope.IsToolError ? Reply.Message.ToolError
            : Reply.Message.Completed;
    }
}
