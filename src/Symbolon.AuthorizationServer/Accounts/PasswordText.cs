using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Symbolon.AuthorizationServer.Accounts;

/// <summary>
/// The one form of a password that is typed in several (NIST SP 800-63B, "NFKC or NFKD"): NFKD of Unicode, by a table of our own, since the runtime
/// normalizes nothing without ICU.
/// </summary>
public static class PasswordText
{
    private const int FirstSyllable = 0xAC00;
    private const int Syllables = 11172;
    private const int FirstLead = 0x1100;
    private const int FirstVowel = 0x1161;
    private const int FirstTrail = 0x11A7;
    private const int Vowels = 21;
    private const int Trails = 28;

    private static readonly Lazy<(FrozenDictionary<int, int[]> Decompositions, FrozenDictionary<int, int> Classes)> Table = new(Read);

    /// <summary>What no password can be set to is left as it is: half of a surrogate pair, and what is too long.</summary>
    public static string Normal(string text)
    {
        if (Ascii.IsValid(text) || text.Length > 2 * PasswordRules.Most || !PasswordRules.IsWellFormed(text)) return text;
        var (decompositions, classes) = Table.Value;
        var all = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (decompositions.TryGetValue(rune.Value, out var parts)) all.AddRange(parts);
            else if (rune.Value - FirstSyllable is >= 0 and < Syllables and var syllable) AddHangul(all, syllable);
            else all.Add(rune.Value);
        }
        return Ordered(all, classes);
    }

    /// <summary>Unicode §3.12: syllables are decomposed by arithmetic.</summary>
    private static void AddHangul(List<int> all, int syllable)
    {
        all.Add(FirstLead + (syllable / (Vowels * Trails)));
        all.Add(FirstVowel + (syllable % (Vowels * Trails) / Trails));
        if (syllable % Trails is > 0 and var trail) all.Add(FirstTrail + trail);
    }

    /// <summary>Unicode §3.11: marks behind a letter in the order of their classes, those of one class as they came.</summary>
    private static string Ordered(List<int> all, FrozenDictionary<int, int> classes)
    {
        var normal = new StringBuilder(all.Count);
        for (var i = 0; i < all.Count;)
        {
            var end = i;
            while (end < all.Count && ClassOf(all[end]) != 0) end++;
            foreach (var mark in all.GetRange(i, end - i).OrderBy(ClassOf)) normal.Append(char.ConvertFromUtf32(mark));
            if (end < all.Count) normal.Append(char.ConvertFromUtf32(all[end]));
            i = end + 1;
        }
        return normal.ToString();

        int ClassOf(int character) => classes.GetValueOrDefault(character);
    }

    private static (FrozenDictionary<int, int[]>, FrozenDictionary<int, int>) Read()
    {
        using var stream = typeof(PasswordText).Assembly.GetManifestResourceStream("nfkd.txt") ?? throw new InvalidOperationException("The table is missing.");
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var (decompositions, classes) = (new Dictionary<int, int[]>(), new Dictionary<int, int>());
        var isClass = false;
        while (reader.ReadLine() is { } line)
        {
            isClass |= line == "classes";
            foreach (var entry in line.Contains('=', StringComparison.Ordinal) ? line.Split(' ') : [])
            {
                var (from, to) = (Hex(entry.Split('=')[0]), entry.Split('=')[1]);
                if (isClass) classes.Add(from, int.Parse(to, CultureInfo.InvariantCulture));
                else decompositions.Add(from, [.. to.Split('+').Select(Hex)]);
            }
        }
        return (decompositions.ToFrozenDictionary(), classes.ToFrozenDictionary());
    }

    private static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
