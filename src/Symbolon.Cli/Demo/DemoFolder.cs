using System.Globalization;
using System.Runtime.Versioning;
using Symbolon.Cli.Files;

namespace Symbolon.Cli.Demo;

/// <summary>
/// The temporary folder of a demo, with the number of its process in the name. A demo that is killed cannot remove its own, so the
/// next one does.
/// </summary>
internal static class DemoFolder
{
    private const string Prefix = "symbolon-demo-";

    /// <summary>Makes a folder (0700) that nobody had before, and removes those that dead demos of this user left behind.</summary>
    public static string Create()
    {
        // Who owns a folder, and which processes live, is asked in Linux's own way.
        if (OperatingSystem.IsLinux())
            foreach (var folder in Directory.EnumerateDirectories(Path.GetTempPath(), Prefix + "*").Where(IsLeftover).ToList()) TryRemove(folder);
        return Directory.CreateTempSubdirectory($"{Prefix}{Environment.ProcessId}-").FullName;
    }

    /// <summary>
    /// Whether it is a folder as we make them, of this user alone, whose process is dead and whose lock nobody holds: also not a demo of
    /// another container with the same folder for temporary files.
    /// </summary>
    [SupportedOSPlatform("linux")]
    private static bool IsLeftover(string folder)
    {
        var number = Path.GetFileName(folder)[Prefix.Length..].Split('-')[0];
        return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var process)
            && !Directory.Exists(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}"))
            && FileOwner.IsOwnFolder(folder)
            && !IsHeld(Path.Combine(folder, "lock"));
    }

    /// <summary>A server holds this file of its folder for as long as it lives.</summary>
    private static bool IsHeld(string file)
    {
        try
        {
            using var held = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (FileNotFoundException)
        {
            // Killed before its server began.
            return false;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    private static void TryRemove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Something still writes there, or another demo was faster; the next start looks again.
        }
    }
}
