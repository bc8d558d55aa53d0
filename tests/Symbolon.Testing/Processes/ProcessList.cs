using System.Globalization;

namespace Symbolon.Testing.Processes;

/// <summary>The processes of this machine, by what stands in their command lines.</summary>
public static class ProcessList
{
    private const int ParentField = 1; // behind the name, which alone can hold spaces: state, parent (proc_pid_stat(5))

    /// <summary>The command lines that contain a text.</summary>
    public static IReadOnlyList<string> With(string text) => [.. All().Select(CommandLineOf).Where(line => line.Contains(text, StringComparison.Ordinal))];

    /// <summary>The command lines that contain a text, of the processes that a process started itself or by others.</summary>
    public static IReadOnlyList<string> Under(int ancestor, string text)
    {
        var parents = All().ToDictionary(id => id, ParentOf);
        return [.. parents.Keys.Where(IsUnder).Select(CommandLineOf).Where(line => line.Contains(text, StringComparison.Ordinal))];

        bool IsUnder(int id)
        {
            while (parents.TryGetValue(id, out var parent) && parent != ancestor) id = parent;
            return parents.ContainsKey(id);
        }
    }

    private static IEnumerable<int> All() =>
        Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => char.IsAsciiDigit(name![0])).Select(name => int.Parse(name!, CultureInfo.InvariantCulture));

    private static int ParentOf(int id)
    {
        var stat = Read(id, "stat");
        return stat.Length == 0 ? 0 : int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[ParentField], CultureInfo.InvariantCulture);
    }

    private static string CommandLineOf(int id) => Read(id, "cmdline").Replace('\0', ' ');

    private static string Read(int id, string file)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/{file}"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
