using System.Globalization;

namespace Symbolon.Core.Registry.Files;

/// <summary>The forms of what a process may be started from.</summary>
public static class StdioRules
{
    public const int LongestPath = 4_096;
    public const int Args = 128;
    public const int LongestArg = 4_096;

    /// <summary>Characters of all arguments together.</summary>
    public const int AllArgs = 32_768;
    public const int Variables = 64;
    public const int LongestValue = 8_192;
    public const int Digests = 64;

    public const string PathRule = "an absolute path of at most 4096 characters, without '.', '..' or empty parts, a slash at its end, and control or format characters";

    /// <summary>Whether it is absolute and says itself where it leads, links aside.</summary>
    public static bool IsPath(string path) =>
        path.Length is > 1 and <= LongestPath && path[0] == '/' && IsText(path)
        && path[1..].Split('/').All(part => part is not ("" or "." or ".."));

    /// <summary>
    /// Without characters that would hide something from who reviews it: control, format and line ends. Everything else is just text,
    /// also <c>;</c> and <c>$()</c>.
    /// </summary>
    public static bool IsText(string text) => !text.Any(c => char.GetUnicodeCategory(c)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
