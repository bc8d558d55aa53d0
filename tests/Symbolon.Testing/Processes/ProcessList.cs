namespace Symbolon.Testing.Processes;

/// <summary>The processes of this machine, by what stands in their command lines.</summary>
public static class ProcessList
{
    /// <summary>The command lines that contain a text.</summary>
    public static IReadOnlyList<string> With(string text) =>
        [.. Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])).Select(CommandLineOf).Where(line => line.Contains(text, StringComparison.Ordinal))];

    private static string CommandLineOf(string folder)
    {
        try
        {
            return File.ReadAllText(folder + "/cmdline").Replace('\0', ' ');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
