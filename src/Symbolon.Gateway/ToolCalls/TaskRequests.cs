using Symbolon.Core.Policy;
using Symbolon.Gateway.Lists;
using Symbolon.Gateway.Mcp;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>
/// <c>tasks/get</c>, <c>tasks/update</c> and <c>tasks/cancel</c> (extension of 2026-07-28): a task is its creator's, and asked for only while the creator may
/// still call the tool behind it.
/// </summary>
internal sealed class TaskRequests(Forwarder forwarder, CallRules rules, SealedTasks tasks)
{
    private static readonly Reply.Refused NotDeclared = new(new Refusal(
        ReasonCode.MissingCapability, $"Declare the extension '{ClientCapabilities.Tasks}' in _meta[\"io.modelcontextprotocol/clientCapabilities\"] to ask for tasks.")
    {
        Capabilities = "{\"extensions\":{\"" + ClientCapabilities.Tasks + "\":{}}}",
    });

    public async ValueTask<Reply> AnswerAsync(Exchange exchange)
    {
        var message = exchange.Message;
        if (!message.MetaCapabilities.IsPresent || !ClientCapabilities.HasTasks(message.At(message.MetaCapabilities))) return NotDeclared;
        if (tasks.Open(exchange, out var tool) is { } unknown) return unknown;
        exchange.Tool = exchange.Standing!.Reach[tool];
        if (exchange.Tool.Decision is Decision.Deny deny) return new Reply.Refused(ToolRefusals.Of(deny, exchange));
        if (exchange.Tool.IsSuspended) return new Reply.Refused(ToolRefusals.Suspended(tool));
        return await rules.DecideTaskAsync(exchange) ?? await forwarder.ForwardAsync(exchange) ?? Judge(exchange);
    }

    /// <summary>The task keeps the id that its creator knows, and asks for nothing that its server may not ask for.</summary>
    private static Reply Judge(Exchange exchange)
    {
        // A rule that takes something out of results leaves no task to begin with; this one came later.
        if (exchange.Duty is { Redacts: true }) return ListRequests.Invalid("later, where a rule takes something out of the result");
        if (exchange.Duty is { } duty && CallResults.WhyTooLong(exchange, duty) is { } tooLong) return tooLong;
        if (exchange.Envelope.Kind == AnswerKind.Error) return Reply.Message.UpstreamError;
        var result = exchange.Envelope.Member(exchange.Answer, "result"u8);
        if (!ResultNames.AreUnmistakable(result)) return ListRequests.Mistakable();
        if (CallResults.Unaskable(exchange, result) is { } why) return ListRequests.Invalid("with " + why);
        return result.TryGet("taskId"u8, out _)
            ? CallResults.Replace(exchange, result, "taskId"u8, exchange.Message.At(exchange.Message.TaskId))
            : Reply.Message.Completed;
    }
}
