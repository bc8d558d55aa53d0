using System.Text;
using Symbolon.Core.OAuth;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Core.Resources;
using Symbolon.Gateway.Mcp;
using Symbolon.Jose.Json;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>How a call stands to the resources that its token is limited to.</summary>
/// <param name="Text">Scopes of resources: those of the token that cover it, or those of the tool's file that it does not cover.</param>
internal sealed record ResourceUse(bool IsCovered, string Text);

/// <summary>
/// Holds a call to the resources that its token is limited to (RFC 9396 §9): all that its tool needs, with the arguments of this call in their places, has to
/// be within them. Whoever could help himself by other arguments is told <c>argument_not_allowed</c>; whoever could not, <c>insufficient_scope</c>
/// (docs/adr/0017).
/// </summary>
internal static class ResourceCheck
{
    private const int MostShown = 3;

    /// <summary>A call of a tool that no argument keeps within the limits, or that does not say what it needs.</summary>
    /// <param name="scope">Of the tool, which a token without limits would have to name.</param>
    public static Refusal Beyond(Exchange exchange, string? scope)
    {
        var tool = exchange.Tool!.Tool!;
        if (tool.Needs.IsEmpty)
        {
            exchange.Resources = new ResourceUse(IsCovered: false, "a tool that does not say what it needs");
            return new(ReasonCode.InsufficientScope, $"Your token is limited to some resources (authorization_details), and nobody has said what the tool '{tool.Name}' needs. It is called only with a token that has no such limit.") { Needs = scope };
        }
        var needs = tool.Needs.SelectMany(need => need.ToScopes()).ToList();
        exchange.Resources = new ResourceUse(IsCovered: false, Recorded(needs));
        return new(ReasonCode.InsufficientScope, $"Your token is limited to some resources (authorization_details), with which the tool '{tool.Name}' cannot be called: it needs {Shown(needs)}.") { Needs = scope, Resources = Shown(needs) };
    }

    public static Reply.Refused? Hold(Exchange exchange, ResourceSet limits)
    {
        var tool = exchange.Tool!.Tool!;
        var values = new Dictionary<string, string?>(StringComparer.Ordinal);
        if (ReadArguments(exchange.Message, tool, values) is { } unread) return NotAllowed(exchange, tool, $"The argument '{unread}' says which resource is meant: it has to be a text or a whole number.");
        var (covering, lacking, declared) = (new List<string>(), new List<string>(), new List<string>());
        foreach (var need in tool.Needs)
        {
            if (need.Resource.Bind(values, out var refused) is not { } bound)
                return NotAllowed(exchange, tool, $"The argument '{refused}' says which resource is meant: it must not be empty or too long, nor hold a slash, an asterisk, a brace, two dots or a control character.");
            foreach (var action in need.Actions)
            {
                if (limits.Find(action, bound) is { } by)
                {
                    covering.Add($"{action}:{by}");
                    continue;
                }
                lacking.Add($"{action}:{bound}");
                declared.Add($"{action}:{need.Resource}");
            }
        }
        exchange.Resources = new ResourceUse(lacking.Count == 0, Recorded(lacking.Count == 0 ? covering : declared));
        return lacking.Count == 0 ? null : new Reply.Refused(new Refusal(
            ReasonCode.ArgumentNotAllowed,
            $"With these arguments the tool '{tool.Name}' needs {Shown(lacking)}, and your token is limited to other resources (authorization_details). Call it for one of those, or ask the person for another token.") { Resources = Shown(lacking) });
    }

    private static Reply.Refused NotAllowed(Exchange exchange, ManifestTool tool, string text)
    {
        exchange.Resources = new ResourceUse(IsCovered: false, Recorded(tool.Needs.SelectMany(need => need.ToScopes())));
        return new Reply.Refused(new Refusal(ReasonCode.ArgumentNotAllowed, text));
    }

    /// <returns>The argument that has a value of another kind; null when all are read.</returns>
    private static string? ReadArguments(McpMessage message, ManifestTool tool, Dictionary<string, string?> values)
    {
        message.Params.TryGetObject("arguments"u8, out var arguments);
        foreach (var name in tool.Needs.SelectMany(need => need.Resource.Arguments))
        {
            if (!arguments.TryGet(Encoding.UTF8.GetBytes(name), out var value) || value.Kind == JsonKind.Null) values[name] = null;
            else if (value.TryGetString(out var text)) values[name] = text;
            else if (value.TryGetInt64(out var number)) values[name] = number.ToString(System.Globalization.CultureInfo.InvariantCulture);
            else return name;
        }
        return null;
    }

    private static string Shown(List<string> scopes) => string.Join(' ', scopes.Take(MostShown)) + (scopes.Count > MostShown ? " and more" : "");

    private static string Recorded(IEnumerable<string> scopes) => Scopes.ForRecord(string.Join(' ', scopes.Distinct(StringComparer.Ordinal)));
}
