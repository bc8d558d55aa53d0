using System.Text;

namespace Symbolon.Cel.Patterns;

/// <summary>Simple case folding (Unicode, CaseFolding.txt, C and S): which characters are the same one where case does not count.</summary>
internal static class Folding
{
    /// <summary>Beyond it nothing has a case.</summary>
    private const int LastCased = 0x1FFFF;

    private static readonly Lazy<(int[] Points, int[][] Others)> Table = new(Build);

    /// <summary>Same by folding, though .NET's own mappings (which spare ASCII from letters beyond it) or no mapping at all lead from one to the other.</summary>
    private static readonly (int, int)[] Further = [('s', 0x17F), ('k', 0x212A), (0x390, 0x1FD3), (0x3B0, 0x1FE3), (0xFB05, 0xFB06)];

    public static void AddOthers(int first, int last, List<(int First, int Last)> ranges)
    {
        // Nearly every range is one ASCII character that is no letter: the table need not be made for it.
        if (last < 'A' || (first == last && first < 0x80 && !char.IsAsciiLetter((char)first))) return;
        var (points, others) = Table.Value;
        var at = Array.BinarySearch(points, first);
        for (at = at < 0 ? ~at : at; at < points.Length && points[at] <= last; at++)
            foreach (var other in others[at])
                if (other < first || other > last) ranges.Add((other, other));
    }

    private static (int[], int[][]) Build()
    {
        var orbits = new Dictionary<int, HashSet<int>>();
        for (var point = 0; point <= LastCased; point++)
        {
            // The Turkish letters fold to themselves, whatever their mappings.
            if (!Rune.IsValid(point) || point is 0x130 or 0x131) continue;
            Join(orbits, point, Rune.ToLowerInvariant(new Rune(point)).Value);
            Join(orbits, point, Rune.ToUpperInvariant(new Rune(point)).Value);
        }
        foreach (var (one, other) in Further) Join(orbits, one, other);
        var points = orbits.Keys.Order().ToArray();
        return (points, [.. points.Select(point => orbits[point].Where(other => other != point).Order().ToArray())]);
    }

    private static void Join(Dictionary<int, HashSet<int>> orbits, int one, int other)
    {
        if (one == other) return;
        var joined = orbits.GetValueOrDefault(one) ?? [one];
        joined.UnionWith(orbits.GetValueOrDefault(other) ?? [other]);
        foreach (var member in joined) orbits[member] = joined;
    }
}
