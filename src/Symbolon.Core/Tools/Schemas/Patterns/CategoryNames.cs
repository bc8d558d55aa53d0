using System.Globalization;

namespace Symbolon.Core.Tools.Schemas.Patterns;

/// <summary>The names of <c>\p{…}</c> that stand for general categories (ECMA-262 §22.2.1.1, Unicode's PropertyValueAliases), and the sets Any, ASCII and Assigned.</summary>
internal static class CategoryNames
{
    /// <summary>Short and long names of each category, in the order of <see cref="UnicodeCategory"/>.</summary>
    private static readonly string[] Single =
    [
        "Lu Uppercase_Letter", "Ll Lowercase_Letter", "Lt Titlecase_Letter", "Lm Modifier_Letter", "Lo Other_Letter", "Mn Nonspacing_Mark", "Mc Spacing_Mark", "Me Enclosing_Mark",
        "Nd Decimal_Number digit", "Nl Letter_Number", "No Other_Number", "Zs Space_Separator", "Zl Line_Separator", "Zp Paragraph_Separator", "Cc Control cntrl", "Cf Format", "Cs Surrogate",
        "Co Private_Use", "Pc Connector_Punctuation", "Pd Dash_Punctuation", "Ps Open_Punctuation", "Pe Close_Punctuation", "Pi Initial_Punctuation", "Pf Final_Punctuation",
        "Po Other_Punctuation", "Sm Math_Symbol", "Sc Currency_Symbol", "Sk Modifier_Symbol", "So Other_Symbol", "Cn Unassigned",
    ];

    /// <summary>Names of several: by the first letter of their short names, and two that have two of it.</summary>
    private static readonly (string Names, string Members)[] Several =
    [
        ("L Letter", "Lu Ll Lt Lm Lo"), ("LC Cased_Letter", "Lu Ll Lt"), ("M Mark Combining_Mark", "Mn Mc Me"), ("N Number", "Nd Nl No"), ("Z Separator", "Zs Zl Zp"),
        ("C Other", "Cc Cf Cs Co Cn"), ("P Punctuation punct", "Pc Pd Ps Pe Pi Pf Po"), ("S Symbol", "Sm Sc Sk So"),
    ];

    private static readonly Dictionary<string, uint> Known = Named();

    public static CodePoints? Find(string name)
    {
        foreach (var prefix in (ReadOnlySpan<string>)["General_Category=", "gc="])
            if (name.StartsWith(prefix, StringComparison.Ordinal)) return Known.TryGetValue(name[prefix.Length..], out var named) ? new CodePoints([], named) : null;
        return name switch
        {
            "Any" => new CodePoints([(0, 0x10FFFF)]),
            "ASCII" => new CodePoints([(0, 0x7F)]),
            "Assigned" => new CodePoints([], CodePoints.EveryCategory & ~(1u << (int)UnicodeCategory.OtherNotAssigned)),
            _ => Known.TryGetValue(name, out var categories) ? new CodePoints([], categories) : null,
        };
    }

    private static Dictionary<string, uint> Named()
    {
        var named = new Dictionary<string, uint>(StringComparer.Ordinal);
        for (var category = 0; category < Single.Length; category++)
            foreach (var name in Single[category].Split(' ')) named[name] = 1u << category;
        foreach (var (names, members) in Several)
            foreach (var name in names.Split(' ')) named[name] = members.Split(' ').Aggregate(0u, (all, member) => all | named[member]);
        return named;
    }
}
