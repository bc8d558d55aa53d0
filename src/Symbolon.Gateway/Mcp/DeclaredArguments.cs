using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using Symbolon.Jose.Json;

namespace Symbolon.Gateway.Mcp;

/// <summary>
/// The names that a tool declares for one place in its arguments, by what they fold to, with what it declares inside each. A call with
/// many arguments to a tool with many costs one look-up an argument, and arguments that hold no objects nothing more.
/// </summary>
internal sealed class DeclaredArguments
{
    public static readonly DeclaredArguments None = new();

    private FrozenDictionary<string, Declared[]> byFolding = FrozenDictionary<string, Declared[]>.Empty;
    private DeclaredArguments? others, items;

    /// <summary>Called once, after it is made: what a schema declares may hold itself.</summary>
    /// <param name="others">Inside a member that is not declared.</param>
    /// <param name="items">Inside an item, where the place holds an array.</param>
    public void Fill(IEnumerable<(string Name, DeclaredArguments? Inside)> members, DeclaredArguments? others, DeclaredArguments? items)
    {
        (this.others, this.items) = (others, items);
        byFolding = members.GroupBy(member => Fold(member.Name), StringComparer.Ordinal).ToFrozenDictionary(
            alike => alike.Key,
            alike => alike.Select(member => new Declared(Encoding.UTF8.GetBytes(member.Name), member.Inside)).ToArray(),
            StringComparer.Ordinal);
    }

    /// <returns>The declared name that this member, or one inside it, folds to without being it; or null.</returns>
    public string? ImitatedBy(JsonMember argument)
    {
        var inside = others;
        if (AlikeTo(argument) is { } alike)
        {
            var at = 0;
            while (at < alike.Length && !argument.NameEquals(alike[at].Name)) at++;
            if (at == alike.Length) return Encoding.UTF8.GetString(alike[0].Name);
            inside = alike[at].Inside;
        }
        return inside?.ImitatedIn(argument.Value);
    }

    private string? ImitatedIn(JsonValue value)
    {
        foreach (var member in value.Members)
            if (ImitatedBy(member) is { } imitated) return imitated;
        if (items is null) return null;
        foreach (var item in value.Items)
            if (items.ImitatedIn(item) is { } imitated) return imitated;
        return null;
    }

    private Declared[]? AlikeTo(JsonMember argument)
    {
        const int usual = 128;
        if (byFolding.Count == 0) return null;
        if (argument.RawName.Length > usual) return byFolding.GetValueOrDefault(Fold(argument.Name));
        Span<byte> utf8 = stackalloc byte[2 * usual];
        Span<char> folded = stackalloc char[2 * usual];
        var length = Encoding.UTF8.GetChars(utf8[..argument.FoldName(utf8)], folded);
        return byFolding.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(folded[..length], out var alike) ? alike : null;
    }

    private static string Fold(string name)
    {
        var folded = new StringBuilder(name.Length);
        foreach (var rune in name.EnumerateRunes()) folded.Append(NameFolding.Fold(rune));
        return folded.ToString();
    }

    private readonly record struct Declared(byte[] Name, DeclaredArguments? Inside);
}
