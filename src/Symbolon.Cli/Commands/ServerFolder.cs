using System.Collections;

namespace Symbolon.Cli.Commands;

/// <summary>Where a server on this machine keeps its things, and what its surroundings say.</summary>
internal static class ServerFolder
{
    /// <summary><c>--data</c>, else <c>SYMBOLON_DATA</c>, else <c>$XDG_DATA_HOME/symbolon</c>, else <c>~/.local/share/symbolon</c>.</summary>
    public static string Of(string? given, Func<string, string?> variable)
    {
        if (given is { Length: > 0 }) return Path.GetFullPath(given);
        if (variable("SYMBOLON_DATA") is { Length: > 0 } set) return Path.GetFullPath(set);
        var shared = variable("XDG_DATA_HOME") is { Length: > 0 } home && Path.IsPathRooted(home)
            ? home
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "share");
        return Path.Combine(shared, "symbolon");
    }

    public static IEnumerable<KeyValuePair<string, string>> AllVariables() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(pair => KeyValuePair.Create((string)pair.Key, (string?)pair.Value ?? ""));
}
