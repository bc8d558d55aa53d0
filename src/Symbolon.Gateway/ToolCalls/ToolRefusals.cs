using Symbolon.Core.Policy;
using Symbolon.Gateway.Mcp;
using Symbolon.Gateway.Upstreams.Credentials;
using Symbolon.Jose.Json;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>The words for refused calls: read by agents, so they say what is the matter and what would help.</summary>
internal static class ToolRefusals
{
    public static readonly Refusal ServerSuspended = new(ReasonCode.ServerSuspended, "This MCP server is suspended. Its owner or an administrator can resume it.");

    public static readonly Refusal LacksKey = new(ReasonCode.ProofRequired, "This server is called only with a token that is bound to a key, and with its proof (DPoP).");

    public static Refusal Of(Decision.Deny deny, Exchange exchange)
    {
        var name = exchange.Tool?.Tool?.Name.Value ?? NameOf(exchange);
        return deny.Code switch
        {
            ReasonCode.UnknownTool => Unknown(name),
            ReasonCode.ProofRequired => new(deny.Code, $"The tool '{name}' is called only with a token that is bound to a key, and with its proof (DPoP).") { Needs = deny.Needs },
            ReasonCode.InsufficientScope when deny.IsBeyondLimits => ResourceCheck.Beyond(exchange, deny.Needs),
            ReasonCode.InsufficientScope => new(deny.Code, $"Your token does not cover the tool '{name}'. A token with '{deny.Needs}' would.") { Needs = deny.Needs },
            _ => new(deny.Code, $"No grant lets you call the tool '{name}'. A person can ask an administrator for one with '{deny.Needs}'.") { Needs = deny.Needs },
        };
    }

    public static Refusal Unknown(string name) => new(ReasonCode.UnknownTool, $"Unknown tool: {name}");

    public static Refusal Suspended(string name) =>
        new(ReasonCode.ToolSuspended, $"The tool '{name}' is suspended: its definition differs from the one that was reviewed. Its owner has to have it reviewed again.");

    public static Refusal Imitation(string declared) =>
        new(ReasonCode.ArgumentNotAllowed, $"An argument is taken for '{declared}' by readers without regard to case. Spell it exactly as the tool declares it.");

    public static Refusal NoCredential(CredentialHeader.Unusable unusable) => new(ReasonCode.ServerSuspended, unusable.Why);

    public static string NameOf(Exchange exchange) =>
        exchange.Message.Name.IsPresent && JsonValue.Root(exchange.Message.At(exchange.Message.Name)).TryGetString(out var name)
            ? RecordedText.Of(name)
            : "";
}
