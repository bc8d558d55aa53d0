using Symbolon.Core.OAuth;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Core.Resources;
using Symbolon.Gateway.Mcp;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>How a call stands to the resources that its token is limited to.</summary>
/// <param name="Text">Scopes of resources: those of the token that cover it, or those of the tool's file that it does not cover.</param>
internal sealed record ResourceUse(bool IsCovered, string Text)
{
    public static ResourceUse Covered(IEnumerable<string> scopes) => new(IsCovered: true, Recorded(scopes));

    public static ResourceUse Beyond(IEnumerable<string> scopes) => new(IsCovered: false, Recorded(scopes));

    private static string Recorded(IEnumerable<string> scopes) => Scopes.ForRecord(string.Join(' ', scopes.Distinct(StringComparer.Ordinal)));
}

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
            exchange.Resources = ResourceUse.Beyond(["a tool that does not say what it needs"]);
            return new(ReasonCode.InsufficientScope, $"Your token is limited to some resources (authorization_details), and nobody has said what the tool '{tool.Name}' needs. It is called only with a token that has no such limit.") { Needs = scope };
        }
        var needs = tool.Needs.SelectMany(need => need.ToScopes()).ToList();
        exchange.Resources = ResourceUse.Beyond(needs);
        return new(ReasonCode.InsufficientScope, $"Your token is limited to some resources (authorization_details), with which the tool '{tool.Name}' cannot be called: it needs {Shown(needs)}.") { Needs = scope, Resources = Shown(needs) };
    }

    public static Reply.Refused? Hold(Exchange exchange, ResourceSet limits)
    {
        var tool = exchange.Tool!.Tool!;
        if (BoundNeeds.Of(exchange.Message, tool, out var fault) is not { } needs) return NotAllowed(exchange, tool, fault!);
        var (covering, lacking, declared) = (new List<string>(), new List<string>(), new List<string>());
        for (var i = 0; i < needs.Length; i++)
        {
            var (need, bound) = (tool.Needs[i], needs[i].Resource);
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
        exchange.Resources = lacking.Count == 0 ? ResourceUse.Covered(covering) : ResourceUse.Beyond(declared);
        return lacking.Count == 0 ? null : new Reply.Refused(new Refusal(
            ReasonCode.ArgumentNotAllowed,
            $"With these arguments the tool '{tool.Name}' needs {Shown(lacking)}, and your token is limited to other resources (authorization_details). Call it for one of those, or ask the person for another token.") { Resources = Shown(lacking) });
    }

    private static Reply.Refused NotAllowed(Exchange exchange, ManifestTool tool, string text)
    {
        exchange.Resources = ResourceUse.Beyond(tool.Needs.SelectMany(need => need.ToScopes()));
        return new Reply.Refused(new Refusal(ReasonCode.ArgumentNotAllowed, text));
    }

    private static string Shown(List<string> scopes) => string.Join(' ', scopes.Take(MostShown)) + (scopes.Count > MostShown ? " and more" : "");
}
