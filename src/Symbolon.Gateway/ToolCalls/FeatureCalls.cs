using Symbolon.Core.Policy;
using Symbolon.Gateway.Mcp;
using Symbolon.Gateway.Upstreams.Channels;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>
/// Prompts and resources: each named one is decided by token and live grants, as a tool is. What is got of them counts as read. A link in a result is a name and
/// passes; reading what it names is decided when somebody does.
/// </summary>
internal sealed class FeatureCalls(
    RequestEra eras, CallRules rules, CallCredentials credentials, CallIntent intent, UpstreamRelay relay, RequestStates states, CallResults results, Forwarder forwarder)
{
    private static readonly Reply.Refused NotTold = new(new Refusal(
        ReasonCode.UnknownMethod, "The server behind the gateway is a process that sessions share, or speaks the transport of 2024-11-05: changes of its resources are not told here."));

    /// <summary><c>prompts/get</c>, <c>resources/read</c> and <c>completion/complete</c>: with an intent and an outcome.</summary>
    public async ValueTask<Reply> CallAsync(Exchange exchange) =>
        Decide(exchange)
        ?? states.Open(exchange)
        ?? await eras.EnsureSpokenAsync(exchange)
        ?? await rules.DecideAsync(exchange)
        ?? await credentials.FindAsync(exchange)
        ?? await intent.RecordAsync(exchange, isRead: true)
        ?? await SendAsync(exchange)
        ?? results.Judge(exchange);

    /// <summary>To be told of changes of one resource, and no more: the session's stream decides again about each that is told.</summary>
    public async ValueTask<Reply> SubscribeAsync(Exchange exchange) =>
        exchange.Upstream!.Invoker is ChannelInvoker channel && (!channel.TellsSessions || exchange.Session is null) ? NotTold : Decide(exchange) ?? await rules.DecideAsync(exchange) ?? await forwarder.ForwardAsync(exchange) ?? OtherRequests.AnswerOf(exchange);

    private async ValueTask<Reply?> SendAsync(Exchange exchange)
    {
        exchange.Request = Forwarding.Post(exchange);
        return await relay.SendAsync(exchange);
    }

    private static Reply.Refused? Decide(Exchange exchange)
    {
        if (exchange.IsServerSuspended) return new Reply.Refused(ToolRefusals.ServerSuspended);
        if (FeatureTarget.Read(exchange.Message) is not { } target)
            return new Reply.Refused(Refusal.InvalidParams("'params.ref' has to be {\"type\":\"ref/prompt\",\"name\":…} or {\"type\":\"ref/resource\",\"uri\":…}."));
        exchange.Target = target;
        exchange.Feature = target.In(exchange.Standing!.Reach);
        return exchange.Feature.Decision is Decision.Deny deny ? new Reply.Refused(Of(deny, target, exchange)) : null;
    }

    private static Refusal Of(Decision.Deny deny, FeatureTarget target, Exchange exchange)
    {
        var what = RecordedText.Of(target.Text);
        if (exchange.Standing!.Server.Approved!.Manifest.ConcealTools) return new(ReasonCode.UnknownTool, $"Unknown {target.Kind}: {what}");
        return deny.Code switch
        {
            ReasonCode.ProofRequired => new(deny.Code, $"The {target.Kind} '{what}' is had only with a token that is bound to a key, and with its proof (DPoP).") { Needs = deny.Needs },
            ReasonCode.InsufficientScope => new(deny.Code, $"Your token does not cover the {target.Kind} '{what}'. A token with '{deny.Needs}' would.") { Needs = deny.Needs },
            _ => new(deny.Code, $"No grant lets you have the {target.Kind} '{what}'. A person can ask an administrator for one that names it.") { Needs = deny.Needs },
        };
    }
}
