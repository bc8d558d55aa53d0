using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Core.Tools;
using Symbolon.Gateway.Lists;
using Symbolon.Gateway.Mcp;
using Symbolon.Gateway.Policies;
using Symbolon.Jose.Json;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>
/// What the answer to a call is. One that asks the client for something passes only if the server may ask for it and the client has declared it, and what the
/// client is to bring back is sealed; so is the id of a task.
/// </summary>
internal sealed class CallResults(RequestStates states, SealedTasks tasks)
{
    public Reply Judge(Exchange exchange)
    {
        var envelope = exchange.Envelope;
        if (exchange.Duty is { } duty && DoDuty(exchange, duty) is { } refused) return refused;
        if (envelope.Kind == AnswerKind.Error) return Reply.Message.UpstreamError;
        // The legacy era knows no such member.
        if (exchange.Era == Era.Legacy || envelope.Type == ResultType.Complete) return envelope.IsToolError ? Reply.Message.ToolError : Reply.Message.Completed;
        return envelope.Type switch
        {
            ResultType.InputRequired when exchange.Message.Method.MayAskForInput() => AskForInput(exchange),
            ResultType.Task when exchange.Message.Method == McpMethod.ToolsCall => TakeTask(exchange),
            _ => ListRequests.Invalid("with a 'resultType' that this request cannot have"),
        };
    }

    /// <summary>What one of the server's questions may not be asked for; null when all may be.</summary>
    /// <param name="result">With <c>inputRequests</c>.</param>
    public static string? Unaskable(Exchange exchange, OutlinedObject result)
    {
        if (!result.TryGet("inputRequests"u8, out var requests)) return null;
        if (requests.Kind != JsonKind.Object) return "questions that are no object";
        var allowed = AskableOf(exchange);
        foreach (var request in requests.Members)
        {
            if (!request.Value.TryGetOnly("method"u8, out var method) || ClientCapabilities.AskedBy(method) is not { } feature)
                return "a question that no client takes";
            if ((feature & allowed) == 0) return $"a question that it may not ask ({feature.ToString().ToLowerInvariant()})";
        }
        return null;
    }

    /// <summary>What the server may ask of this client in this request.</summary>
    public static ClientFeatures AskableOf(Exchange exchange)
    {
        var message = exchange.Message;
        return message.MetaCapabilities.IsPresent
            ? exchange.Upstream!.Manifest.ClientFeatures & ClientCapabilities.Of(message.At(message.MetaCapabilities))
            : ClientFeatures.None;
    }

    public static Reply.Failed? WhyTooLong(Exchange exchange, ResultDuty duty) => exchange.Answer.Length <= duty.MostBytes ? null
        : new Reply.Failed(new Refusal(ReasonCode.TooLarge, $"The result has more than the {duty.MostBytes} bytes that a rule allows.") { Form = RefusalForm.Upstream, Rule = duty.Rule });

    /// <returns>Null when the answer may go out, as it stands in the exchange now.</returns>
    private static Reply.Failed? DoDuty(Exchange exchange, ResultDuty duty)
    {
        if (WhyTooLong(exchange, duty) is { } tooLong) return tooLong;
        if (!duty.Redacts) return null;
        if (exchange.Envelope.Type is ResultType.Task or ResultType.InputRequired) return ListRequests.Invalid("later, or with questions, where a rule takes something out of the result");
        if (!ResultRedaction.TryWrite(exchange.Answer, duty.Redacted, exchange.Own)) return ListRequests.Invalid("that a rule could take nothing out of");
        exchange.Final = default;
        return null;
    }

    private Reply AskForInput(Exchange exchange)
    {
        var result = exchange.Envelope.Member(exchange.Answer, "result"u8);
        if (!ResultNames.AreUnmistakable(result)) return ListRequests.Mistakable();
        if (Unaskable(exchange, result) is { } why) return ListRequests.Invalid("with " + why);
        if (!result.TryGet("requestState"u8, out var state)) return Reply.Message.Completed;
        if (state.Kind != JsonKind.String) return ListRequests.Invalid("with a 'requestState' that is no string");
        return states.Seal(exchange, state.Raw) is { } sealedState ? Replace(exchange, result, "requestState"u8, sealedState) : ListRequests.Invalid("with a 'requestState' that is too long");
    }

    private Reply TakeTask(Exchange exchange)
    {
        var result = exchange.Envelope.Member(exchange.Answer, "result"u8);
        if (!ResultNames.AreUnmistakable(result)) return ListRequests.Mistakable();
        if (!ClientCapabilities.HasTasks(exchange.Message.At(exchange.Message.MetaCapabilities))) return ListRequests.Invalid("with a task, which this client does not take");
        if (!result.TryGet("taskId"u8, out var id) || id.Kind != JsonKind.String) return ListRequests.Invalid("with a task that has no id");
        return tasks.Seal(exchange, exchange.Tool!.Tool!.Name.Value, id.Raw) is { } sealedId ? Replace(exchange, result, "taskId"u8, sealedId) : ListRequests.Invalid("with a task whose id is too long");
    }

    public static Reply.Message Replace(Exchange exchange, OutlinedObject result, ReadOnlySpan<byte> member, ReadOnlySpan<byte> value)
    {
        ResultRewriter.WriteReplaced(exchange.Message.At(exchange.Message.Id), result, member, value, exchange.Own);
        exchange.Final = default;
        return Reply.Message.Completed;
    }
}
