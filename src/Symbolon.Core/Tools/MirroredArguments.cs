using System.Buffers;
using System.Text;
using Symbolon.Jose.Json;

namespace Symbolon.Core.Tools;

/// <summary>An argument that a header mirrors (PROTOCOL.md section 1, extra headers).</summary>
/// <param name="Header">The header's whole name.</param>
/// <param name="Path">The names that lead to it from the outermost object, UTF-8.</param>
public sealed record MirroredArgument(string Header, byte[][] Path);

/// <summary>
/// Reads <c>x-mcp-header</c> of an <c>inputSchema</c> (SEP-2243): a header name once, whatever its case, on a string, integer or boolean that
/// <c>properties</c> alone lead to. Anywhere else, as under <c>items</c> or <c>anyOf</c>, nobody could say which value it mirrors.
/// </summary>
public static class MirroredArguments
{
    /// <summary>How the names of such headers begin.</summary>
    public const string HeaderPrefix = "Mcp-Param-";

    private const int MostNameLength = 128;
    private const int MostDepth = 32;

    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <returns>What is wrong with the annotations; null where nothing is.</returns>
    public static string? Read(JsonValue schema, out List<MirroredArgument> found)
    {
        found = [];
        return ReadObject(schema, [], found);
    }

    private static string? ReadObject(JsonValue schema, byte[][] path, List<MirroredArgument> found)
    {
        if (path.Length > MostDepth) return $"x-mcp-header is looked for in more than {MostDepth} levels";
        foreach (var member in schema.Members)
        {
            if (member.NameEquals("properties"u8) && member.Value.Kind == JsonKind.Object)
            {
                foreach (var property in member.Value.Members)
                    if (ReadProperty(property, path, found) is { } fault) return fault;
            }
            else if (!(path.Length > 0 && member.NameEquals("x-mcp-header"u8)) && Holds(member))
                return $"x-mcp-header where no argument is mirrored ({Shown(member.Name)})";
        }
        return null;
    }

    private static string? ReadProperty(JsonMember property, byte[][] path, List<MirroredArgument> found)
    {
        var schema = property.Value;
        if (schema.Kind != JsonKind.Object) return null;
        byte[][] inside = [.. path, Encoding.UTF8.GetBytes(property.Name)];
        if (schema.TryGetMember("x-mcp-header"u8, out var annotation))
        {
            if (!annotation.Value.TryGetString(out var name) || name.Length is 0 or > MostNameLength || name.AsSpan().ContainsAnyExcept(TokenCharacters))
                return $"x-mcp-header of {Shown(property.Name)} is no name of a header";
            if (!schema.TryGetMember("type"u8, out var type) || !(type.Value.TextEquals("string"u8) || type.Value.TextEquals("integer"u8) || type.Value.TextEquals("boolean"u8)))
                return $"x-mcp-header of {Shown(property.Name)}, which is no string, integer or boolean";
            if (found.Exists(each => each.Header.AsSpan(HeaderPrefix.Length).Equals(name, StringComparison.OrdinalIgnoreCase)))
                return $"x-mcp-header {Shown(name)} twice";
            found.Add(new MirroredArgument(HeaderPrefix + name, inside));
        }
        return ReadObject(schema, inside, found);
    }

    /// <summary>Whether the annotation is anywhere in a part of the schema; in texts and examples it is only a word.</summary>
    private static bool Holds(JsonMember member)
    {
        if (member.NameEquals("x-mcp-header"u8)) return true;
        if (member.NameEquals("const"u8) || member.NameEquals("enum"u8) || member.NameEquals("default"u8) || member.NameEquals("examples"u8)) return false;
        return Holds(member.Value);
    }

    private static bool Holds(JsonValue value)
    {
        foreach (var member in value.Members)
            if (Holds(member)) return true;
        foreach (var item in value.Items)
            if (Holds(item)) return true;
        return false;
    }

    private static string Shown(string name) => name.Length <= 64 ? name : name[..64];
}
