using System.Collections.Frozen;
using Symbolon.Cel.Values;

namespace Symbolon.Cel.Types;

/// <summary>The members that a record may have.</summary>
/// <param name="isOpen">It may have others besides, of which nothing is known.</param>
public sealed class CelShape(IEnumerable<CelMember> members, bool isOpen)
{
    private readonly FrozenDictionary<string, CelMember> byName = members.ToFrozenDictionary(member => member.Name, StringComparer.Ordinal);

    public bool IsOpen { get; } = isOpen;

    public IEnumerable<string> Names => byName.Keys.Order(StringComparer.Ordinal);

    public CelMember? this[string name] => byName.GetValueOrDefault(name);

    /// <returns>The declared name that is written most like it; null where none is.</returns>
    internal string? Nearest(string name)
    {
        var (best, distance) = ((string?)null, Math.Max(1, name.Length / 3) + 1);
        foreach (var candidate in Names)
            if (Distance(name, candidate) is var found && found < distance) (best, distance) = (candidate, found);
        return best;
    }

    /// <summary>Letters to put in, take out, change or swap.</summary>
    private static int Distance(string a, string b)
    {
        var (before, last, row) = (new int[b.Length + 1], Enumerable.Range(0, b.Length + 1).ToArray(), new int[b.Length + 1]);
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                row[j] = Math.Min(Math.Min(row[j - 1], last[j]) + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = Math.Min(row[j], before[j - 2] + 1);
            }
            (before, last, row) = (last, row, before);
        }
        return last[b.Length];
    }
}

/// <summary>One member of a record.</summary>
public sealed record CelMember(string Name, CelType Type)
{
    /// <summary>The only values that it has, where that is known: an <c>enum</c>.</summary>
    public IReadOnlyList<CelValue>? Values { get; init; }

    /// <summary>Where its values are of one of several types, and <see cref="Type"/> is dyn.</summary>
    public IReadOnlyList<CelType>? Alternatives { get; init; }

    /// <summary>Of a list of texts: the only ones that are ever in it, where that is known.</summary>
    public IReadOnlyList<string>? ItemValues { get; init; }

    /// <summary>Bounds of a number, both within.</summary>
    public double? Least { get; init; }
    public double? Most { get; init; }
}

/// <summary>A variable of an expression.</summary>
/// <param name="Name">May have dots in it.</param>
public sealed record CelVariable(string Name, CelType Type);
