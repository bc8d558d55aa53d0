using System.Text;
using Symbolon.Jose.Json;

namespace Symbolon.Core.Policy.Rules;

/// <summary>Names that a member is compared with as a reader without regard to case compares them (<see cref="NameFolding"/>), sought by their first letter.</summary>
public sealed class FoldedNames
{
    private readonly byte[][] all;

    /// <summary>By the first letter, folded, of those that begin in ASCII; null where none does.</summary>
    private readonly byte[][]?[] byLetter = new byte[128][][];

    public FoldedNames(IEnumerable<string> names)
    {
        all = [.. names.Distinct(StringComparer.Ordinal).Select(Encoding.UTF8.GetBytes)];
        foreach (var alike in all.Where(name => name.Length > 0).GroupBy(name => FirstOf(Encoding.UTF8.GetString(name)))
            .Where(alike => alike.Key < byLetter.Length)) byLetter[alike.Key] = [.. alike];
    }

    public bool IsEmpty => all.Length == 0;

    /// <param name="isNamed">It is one of the names itself.</param>
    /// <returns>The name that it folds to without being it; or null.</returns>
    public string? ImitatedBy(JsonMember member, out bool isNamed)
    {
        isNamed = false;
        foreach (var name in Candidates(member.RawName))
        {
            if (!member.NameFoldsTo(name)) continue;
            if (!member.NameEquals(name)) return Encoding.UTF8.GetString(name);
            isNamed = true;
        }
        return null;
    }

    private byte[][] Candidates(ReadOnlySpan<byte> raw) =>
        // Other letters may fold to ASCII, as an escape may, and the empty name begins with nothing.
        raw is not [< 0x80 and not (byte)'\\' and var first, ..] ? all : byLetter[NameFolding.Fold(new Rune((char)first)).Value] ?? [];

    private static int FirstOf(string name) => NameFolding.Fold(Rune.GetRuneAt(name, 0)).Value;
}
