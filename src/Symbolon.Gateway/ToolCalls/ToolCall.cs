using System.Runtime.CompilerServices;
using Symbolon.Core.Policy;
using Symbolon.Gateway.Upstreams;
using Symbolon.Jose.Json;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>
/// <c>tools/call</c>: decided check by check, its intent recorded, forwarded, its answer held. A read may go out while its intent is
/// being committed; anything else waits. DESIGN.md section 4, Order of checks and Audit durability.
/// </summary>
internal sealed class ToolCall(
    RequestEra eras, CallRules rules, CallCredentials credentials, UpstreamRelay relay, CallIntent intent, RequestStates states, CallResults results)
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Reply> AnswerAsync(Exchange exchange) =>
        Decide(exchange)                                                    // tool, scope and grant
        ?? HoldToLimits(exchange)                                           // authorization_details of the token
        ?? await eras.EnsureSpokenAsync(exchange)                           // what the upstream lists is known
        ?? CompareDefinition(exchange)                                      // digest, then argument names against the schema
        ?? ArgumentCheck.Hold(exchange)                                     // constraints of the tool's file
        ?? states.Open(exchange)                                            // what the server wanted to see again
        ?? await rules.DecideAsync(exchange)                                // policy, then limits
        ?? await credentials.FindAsync(exchange)
        ?? await intent.RecordAsync(exchange, exchange.Tool!.IsRead)
        ?? Prepare(exchange)
        ?? await relay.SendAsync(exchange)
        ?? results.Judge(exchange);

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
        exchange.Input = live.Input;
        exchange.Message.Params.TryGetObject("arguments"u8, out var arguments);
        if (exchange.Era == Core.Tools.Era.Modern && live.Input.CompareHeaders(exchange.Http.Request.Headers, arguments) is { } mismatch)
            return new Reply.Refused(mismatch);
        return live.Input.FindImitation(arguments) is { } imitated ? new Reply.Refused(ToolRefusals.Imitation(imitated)) : null;
    }

    private static Reply.Refused? Prepare(Exchange exchange)
    {
        exchange.Request = Forwarding.Post(exchange);
        return Forwarding.TryAddMirrors(exchange, exchange.Request) ? null : new Reply.Refused(Forwarding.NotMirrored);
    }
}
