using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Symbolon.Cli.Processes;

/// <summary>
/// Processes that left the tree of the one that started them, as daemons do: found by the mark in the environment that they inherited,
/// where the system shows it (Linux).
/// </summary>
internal static class Strays
{
    /// <summary>Carries the mark.</summary>
    public const string Variable = "SYMBOLON_REGISTERING";

    private const int MostRounds = 10;

    public static void Kill(string mark)
    {
        if (!OperatingSystem.IsLinux()) return;
        // One that is killed may have started another just before: looked at until nothing is found.
        for (var round = 0; round < MostRounds; round++)
        {
            var found = Find(mark);
            if (found.Count == 0) return;
            foreach (var id in found) End(id);
        }
    }

    private static List<int> Find(string mark)
    {
        var wanted = Encoding.ASCII.GetBytes($"{Variable}={mark}");
        var found = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id)) continue;
            try
            {
                if (File.ReadAllBytes(Path.Join(folder, "environ")).AsSpan().IndexOf(wanted) >= 0) found.Add(id);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                // It has ended, or is somebody else's.
            }
        }
        return found;
    }

    private static void End(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It has ended.
        }
    }
}
