namespace Symbolon.Cli.Output;

/// <summary>
/// Colours of a table, for a person at a terminal only. A cell is coloured by its column and its whole word, both ours: text from
/// outside never is.
/// </summary>
internal static class CellColour
{
    private const string Off = "\e[0m";
    private static readonly string[] Columns = ["STATE", "ACTION", "DECISION", "OUTCOME"];

    /// <summary>Nobody is bothered with escapes who did not ask for them: https://no-color.org.</summary>
    public static bool IsWanted(bool toTerminal, Func<string, string?> variable) =>
        toTerminal && string.IsNullOrEmpty(variable("NO_COLOR")) && variable("TERM") is { Length: > 0 } and not "dumb";

    public static string Title(string text) => $"\e[1m{text}{Off}";

    public static string Cell(string title, string text) => !Columns.Contains(title) ? text : text switch
    {
        "active" or "live" or "allowed" or "completed" or "created" or "updated" => $"\e[32m{text}{Off}",
        "pending" or "suspended" or "unknown" => $"\e[33m{text}{Off}",
        "revoked" or "expired" or "retired" or "refused" or "failed" => $"\e[31m{text}{Off}",
        _ => text,
    };
}
