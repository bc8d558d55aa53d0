using Symbolon.Core.Policy;
using Symbolon.Core.Tools.Schemas;
using Symbolon.Gateway.Mcp;
using Symbolon.Jose.Json;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>
/// Holds a call to its tool's <c>arguments</c>, on the bytes that would be forwarded. A call without arguments is one with none. DESIGN.md section 4, Files.
/// </summary>
internal static class ArgumentCheck
{
    public static Reply.Refused? Hold(Exchange exchange)
    {
        if (exchange.Tool!.Tool!.Arguments is not { } constraints) return null;
        var message = exchange.Message;
        var arguments = JsonValue.Root(message.Arguments.IsPresent ? message.At(message.Arguments) : "{}"u8);
        return constraints.Check(arguments) is { } violation ? Refuse(exchange, violation) : null;
    }

    private static Reply.Refused Refuse(Exchange exchange, SchemaViolation violation)
    {
        var rule = violation.Rule.Length == 0 ? "arguments" : $"arguments.{violation.Rule}";
        exchange.UnmetConstraint = RecordedText.Of(rule);
        var what = violation.Path.Length == 0 ? "What the call has as arguments" : $"The argument '{violation.Path}'";
        return new Reply.Refused(new Refusal(
            ReasonCode.ArgumentNotAllowed, $"{what} {violation.Demand}. The owner of the server holds every call of '{exchange.Tool!.Tool!.Name}' to that.") { Rule = rule });
    }
}
