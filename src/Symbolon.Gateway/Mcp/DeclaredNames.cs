using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using Symbolon.Jose.Json;

namespace Symbolon.Gateway.Mcp;

/// <summary>
/// The names of a tool's arguments by what they fold to, so that a call with many arguments to a tool with many costs one look-up
/// an argument. Only the outermost names: those inside an argument are compared with each other by the scan, and with no schema.
/// </summary>
internal sealed class DeclaredNames
{
    public static readonly DeclaredNames None = new();

    private readonly FrozenDictionary<string, byte[][]> byFolding = FrozenDictionary<string, byte[][]>.Empty;

    private DeclaredNames() { }

    /// <param name="properties">Of an <c>inputSchema</c>.</param>
    public DeclaredNames(JsonValue properties)
    {
        var names = new Dictionary<string, byte[][]>(StringComparer.Ordinal);
        foreach (var property in properties.Members)
        {
            var folded = Fold(property);
            names[folded] = [.. names.GetValueOrDefault(folded, []), Encoding.UTF8.GetBytes(property.Name)];
        }
        byFolding = names.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <returns>The declared name that this member folds to without being one, or null.</returns>
    public string? ImitatedBy(JsonMember argument)
    {
        const int usual = 128;
        if (byFolding.Count == 0) return null;
        byte[][]? names;
        if (argument.RawName.Length > usual) byFolding.TryGetValue(Fold(argument), out names);
        else
        {
            Span<byte> utf8 = stackalloc byte[2 * usual];
            Span<char> folded = stackalloc char[2 * usual];
            var length = Encoding.UTF8.GetChars(utf8[..argument.FoldName(utf8)], folded);
            byFolding.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(folded[..length], out names);
        }
        if (names is null) return null;
        foreach (var name in names)
            if (argument.NameEquals(name)) return null;
        return Encoding.UTF8.GetString(names[0]);
    }

    private static string Fold(JsonMember member)
    {
        var folded = ArrayPool<byte>.Shared.Rent(2 * member.RawName.Length + 1);
        var text = Encoding.UTF8.GetString(folded.AsSpan(0, member.FoldName(folded)));
        ArrayPool<byte>.Shared.Return(folded);
        return text;
    }
}
