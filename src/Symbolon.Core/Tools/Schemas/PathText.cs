using System.Globalization;
using System.Text;

namespace Symbolon.Core.Tools.Schemas;

/// <summary>Places in a value as people read them: <c>items[2].name</c>.</summary>
internal static class PathText
{
    private const int MostShown = 64;

    public static string Join(string path, string name) => path.Length == 0 ? Shown(name) : $"{path}.{Shown(name)}";

    public static string Join(string path, int index) => $"{path}[{index}]";

    /// <summary>A name that anybody can have chosen: cut, and without characters that are not seen.</summary>
    public static string Shown(string name, int most = MostShown)
    {
        var shown = new StringBuilder();
        foreach (var rune in name.EnumerateRunes())
        {
            if (shown.Length >= most) return shown.Append('…').ToString();
            if (Rune.IsControl(rune) || rune == Rune.ReplacementChar || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                shown.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
            else shown.Append(rune);
        }
        return shown.ToString();
    }
}
