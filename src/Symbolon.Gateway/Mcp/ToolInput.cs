using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Symbolon.Core.Tools;
using Symbolon.Jose.Json;

namespace Symbolon.Gateway.Mcp;

/// <summary>
/// What a tool's <c>inputSchema</c> says that the gateway checks itself: the names of its arguments at every depth, and the headers that mirror
/// some of them (<c>x-mcp-header</c>, PROTOCOL.md section 1.1, step 10).
/// </summary>
internal sealed class ToolInput
{
    public static readonly ToolInput Empty = new(DeclaredArguments.None, []);

    private readonly DeclaredArguments declared;
    private readonly MirroredArgument[] mirrored;

    private ToolInput(DeclaredArguments declared, MirroredArgument[] mirrored)
    {
        this.declared = declared;
        this.mirrored = mirrored;
    }

    /// <param name="tool">One tool of a list, accepted by the strict scan.</param>
    public static ToolInput Of(JsonValue tool)
    {
        if (!tool.TryGetMember("inputSchema"u8, out var schema)) return Empty;
        MirroredArguments.Read(schema.Value, out var mirrored);
        return new ToolInput(SchemaNames.Of(schema.Value), [.. mirrored]);
    }

    /// <returns>The declared name that a member of <paramref name="arguments"/>, at any depth, folds to without being it; or null.</returns>
    public string? FindImitation(OutlinedObject arguments)
    {
        foreach (var argument in arguments)
            if (declared.ImitatedBy(argument) is { } imitated) return imitated;
        return null;
    }

    /// <returns>What is wrong with the headers that mirror arguments, or null.</returns>
    public Refusal? CompareHeaders(IHeaderDictionary headers, OutlinedObject arguments)
    {
        foreach (var argument in mirrored)
        {
            var header = headers[argument.Header];
            var isThere = TryFind(arguments, argument.Path, out var value) && value.Kind != JsonKind.Null;
            if (header.Count == 0 && !isThere) continue;
            if (!isThere || header.Count != 1 || !HeaderText.TryDecode(header[0]!.Trim(' ', '\t'), out var text) || !Says(value, text))
                return Refusal.Mismatch($"{argument.Header} differs from the argument that it mirrors.");
        }
        return null;
    }

    /// <summary>Whether there is anything that headers have to say.</summary>
    public bool HasMirrors => mirrored.Length > 0;

    public bool Mirrors(string header)
    {
        foreach (var argument in mirrored)
            if (argument.Header.Equals(header, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    /// <summary>What the headers have to say of these arguments.</summary>
    public void WriteHeaders(OutlinedObject arguments, HttpRequestHeaders to)
    {
        foreach (var argument in mirrored)
            if (TryFind(arguments, argument.Path, out var value) && TextOf(value) is { } text) to.TryAddWithoutValidation(argument.Header, HeaderText.Encode(text));
    }

    private static string? TextOf(JsonValue value) => value.Kind switch
    {
        JsonKind.String => value.TryGetString(out var text) ? text : null,
        JsonKind.Number or JsonKind.True or JsonKind.False => Encoding.ASCII.GetString(value.Raw),
        _ => null,
    };

    private static bool TryFind(OutlinedObject arguments, byte[][] path, out JsonValue value)
    {
        if (!arguments.TryGet(path[0], out value)) return false;
        foreach (var name in path.AsSpan(1))
        {
            if (value.Kind != JsonKind.Object || !value.TryGetMember(name, out var member)) return false;
            value = member.Value;
        }
        return true;
    }

    private static bool Says(JsonValue value, string text) => value.Kind switch
    {
        JsonKind.String => value.TextEquals(Encoding.UTF8.GetBytes(text)),
        JsonKind.Number => value.TryGetInt64(out var number)
            ? long.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var said) && said == number
            : value.Raw.SequenceEqual(Encoding.UTF8.GetBytes(text)),
        JsonKind.True => text == "true",
        JsonKind.False => text == "false",
        _ => false,
    };
}
