using System.Collections.Concurrent;
using System.Globalization;

namespace Symbolon.Cel.Patterns;

/// <summary>Classes that have a name: <c>\d</c>, <c>[[:alpha:]]</c>, <c>\p{Lu}</c>.</summary>
internal static class NamedSets
{
    private static readonly ConcurrentDictionary<string, CodeSet> Categories = new();
    private static readonly Lazy<CodeSet[]> ByCategory = new(ReadCategories);

    public static CodeSet Word { get; } = CodeSet.Of('0', '9', 'A', 'Z', 'a', 'z', '_', '_');

    /// <returns>Null for a letter that stands for none. <c>\s</c> is without the vertical tab, unlike <c>[[:space:]]</c>.</returns>
    public static CodeSet? Perl(char lowerLetter) => lowerLetter switch
    {
        'd' => Digit,
        's' => Blank,
        'w' => Word,
        _ => null,
    };

    public static CodeSet? Posix(string name) => name switch
    {
        "alnum" => CodeSet.Of('0', '9', 'A', 'Z', 'a', 'z'),
        "alpha" => CodeSet.Of('A', 'Z', 'a', 'z'),
        "ascii" => CodeSet.Of(0, 0x7F),
        "blank" => CodeSet.Of('\t', '\t', ' ', ' '),
        "cntrl" => CodeSet.Of(0, 0x1F, 0x7F, 0x7F),
        "digit" => Digit,
        "graph" => CodeSet.Of('!', '~'),
        "lower" => CodeSet.Of('a', 'z'),
        "print" => CodeSet.Of(' ', '~'),
        "punct" => CodeSet.Of('!', '/', ':', '@', '[', '`', '{', '~'),
        "space" => CodeSet.Of('\t', '\r', ' ', ' '),
        "upper" => CodeSet.Of('A', 'Z'),
        "word" => Word,
        "xdigit" => CodeSet.Of('0', '9', 'A', 'F', 'a', 'f'),
        _ => null,
    };

    /// <summary>A general category by its short name. As in RE2, <c>C</c> is without what is not assigned.</summary>
    public static CodeSet? Category(string name)
    {
        if (Categories.TryGetValue(name, out var known)) return known;
        // A pattern has room for a thousand of them, and comes with the data at times. There are as many entries as there are names.
        return ReadCategory(name) is { } set ? Categories.GetOrAdd(name, set) : null;
    }

    private static CodeSet? ReadCategory(string name)
    {
        if (name == "Any") return CodeSet.All;
        var ranges = new List<(int, int)>();
        var isKnown = false;
        for (var category = 0; category < ShortNames.Length; category++)
        {
            if (ShortNames[category] != name && (name.Length != 1 || ShortNames[category][0] != name[0])) continue;
            isKnown = true;
            for (var i = 0; i < ByCategory.Value[category].Count; i++) ranges.Add(ByCategory.Value[category][i]);
        }
        return isKnown ? CodeSet.Of(ranges) : null;
    }

    private static CodeSet Digit { get; } = CodeSet.Of('0', '9');

    private static CodeSet Blank { get; } = CodeSet.Of('\t', '\n', '\f', '\r', ' ', ' ');

    /// <summary>In the order of <see cref="UnicodeCategory"/>, whose last one, what is not assigned, has no name here.</summary>
    private static readonly string[] ShortNames =
    [
        "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc",
        "Cf", "Cs", "Co", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So",
    ];

    private static CodeSet[] ReadCategories()
    {
        var ranges = new List<(int, int)>[ShortNames.Length + 1];
        for (var i = 0; i < ranges.Length; i++) ranges[i] = [];
        var (start, current) = (0, CharUnicodeInfo.GetUnicodeCategory(0));
        for (var point = 1; point <= CodeSet.Last + 1; point++)
        {
            if (point <= CodeSet.Last && CharUnicodeInfo.GetUnicodeCategory(point) == current) continue;
            ranges[(int)current].Add((start, point - 1));
            if (point <= CodeSet.Last) (start, current) = (point, CharUnicodeInfo.GetUnicodeCategory(point));
        }
        return [.. ranges.Select(CodeSet.Of)];
    }
}
