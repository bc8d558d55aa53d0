using Symbolon.Core.Policy;
using Symbolon.Core.Tools;
using Symbolon.Gateway.Mcp;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>Every request but <c>tools/call</c>, each sent to who answers it.</summary>
internal sealed class OtherRequests(
    Forwarder forwarder, OpeningRequests openings, ListRequests lists, FeatureCalls features, Subscriptions subscriptions, TaskRequests tasks,
    ServerRequests asked, OpenExchanges open)
{
    private static readonly Reply.Refused UnknownMethod = new(new Refusal(ReasonCode.UnknownMethod, "This method is not offered here."));

    private static readonly Reply.Refused InBatch = new(Refusal.Malformed("initialize is no part of a batch: send it by itself."));

    public async ValueTask<Reply> AnswerAsync(Exchange exchange)
    {
        var isModern = exchange.Era == Era.Modern;
        switch (exchange.Message.Method)
        {
            case McpMethod.Ping when !isModern:
                return Pong(exchange);
            case McpMethod.ToolsList or McpMethod.PromptsList or McpMethod.ResourcesList or McpMethod.TemplatesList:
                return await lists.AnswerAsync(exchange);
            case McpMethod.PromptsGet or McpMethod.ResourcesRead or McpMethod.Complete:
                return await features.CallAsync(exchange);
            case McpMethod.Subscribe or McpMethod.Unsubscribe when !isModern:
                return await features.SubscribeAsync(exchange);
            case McpMethod.Discover when isModern:
            case McpMethod.Initialize when !isModern && exchange.Batch is null:
                return await openings.AnswerAsync(exchange);
            case McpMethod.Listen when isModern:
                return await subscriptions.AnswerAsync(exchange);
            case McpMethod.TaskGet or McpMethod.TaskUpdate or McpMethod.TaskCancel when isModern:
                return await tasks.AnswerAsync(exchange);
            case McpMethod.SetLevel when !isModern:
                return await forwarder.ForwardAsync(exchange) ?? AnswerOf(exchange);
            case McpMethod.Initialized when !isModern:
            case McpMethod.RootsChanged when !isModern && ServerRequests.MayTellRoots(exchange):
            case McpMethod.Response when !isModern && asked.TryOpen(exchange):
                return await forwarder.ForwardAsync(exchange) ?? Reply.Bare.Accepted;
            case McpMethod.Cancelled when !isModern:
                open.Cancel(exchange);
                // A server without sessions would take the id for any caller's who has the same.
                return exchange.Session is null ? Reply.Bare.Accepted : await forwarder.ForwardAsync(exchange) ?? Reply.Bare.Accepted;
            case McpMethod.Response:
            case var method when method.IsNotification():
                // Nothing waits for it: no such request was relayed, and a modern client cancels by leaving.
                return Reply.Bare.Accepted;
            case McpMethod.Initialize when !isModern:
                return InBatch;
            default:
                return UnknownMethod;
        }
    }

    public static Reply.Message AnswerOf(Exchange exchange) =>
        exchange.Envelope.Kind == AnswerKind.Error ? Reply.Message.UpstreamError : Reply.Message.Completed;

    private static Reply.Message Pong(Exchange exchange)
    {
        exchange.Own.Clear();
        exchange.Own.Write("{\"jsonrpc\":\"2.0\",\"id\":"u8);
        exchange.Own.Write(exchange.Message.At(exchange.Message.Id));
        exchange.Own.Write(",\"result\":{}}"u8);
        return Reply.Message.Completed;
    }
}
