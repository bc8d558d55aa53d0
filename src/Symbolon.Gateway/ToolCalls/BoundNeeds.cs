using System.Text;
using Symbolon.Core.Registry;
using Symbolon.Core.Resources;
using Symbolon.Gateway.Mcp;
using Symbolon.Jose.Json;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>What a tool needs behind its server, with the arguments of one call in their places.</summary>
internal static class BoundNeeds
{
    /// <param name="fault">Why there are none, for the caller; null where there are.</param>
    /// <returns>In the order of the tool's needs; null where an argument is nothing that could say which resource is meant.</returns>
    public static ResourceNeed[]? Of(McpMessage message, ManifestTool tool, out string? fault)
    {
        var values = new Dictionary<string, string?>(StringComparer.Ordinal);
        if (ReadArguments(message, tool, values) is { } unread)
        {
            fault = $"The argument '{unread}' says which resource is meant: it has to be a text or a whole number.";
            return null;
        }
        fault = null;
        var needs = new ResourceNeed[tool.Needs.Length];
        for (var i = 0; i < needs.Length; i++)
        {
            if (tool.Needs[i].Resource.Bind(values, out var refused) is not { } bound)
            {
                fault = $"The argument '{refused}' says which resource is meant: it must not be empty or too long, and is written in printable ASCII without blanks, quotation marks, slashes, backslashes, asterisks, braces, %, ?, # and two dots in a row.";
                return null;
            }
            needs[i] = tool.Needs[i] with { Resource = bound };
        }
        return needs;
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
}
