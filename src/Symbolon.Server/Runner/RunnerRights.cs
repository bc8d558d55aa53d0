using Symbolon.Gateway.Upstreams.Runner;

namespace Symbolon.Server.Runner;

/// <summary>
/// What can be told at the start about the rights that every server here will have. It cannot tell whether they are gained later, nor
/// whether DIR is where it was told.
/// </summary>
internal static class RunnerRights
{
    private static readonly string[] Kept = ["master.key", "symbolon.db", "admin-token", "symbolon.yaml"];

    /// <returns>Why these are too many, for the operator; null when they are not.</returns>
    public static string? TooMany(string dataDirectory)
    {
        if (PeerUser.Own == 0) return "The runner does not run as root: give it a user of its own.";
        if (File.ReadLines("/proc/self/status").Any(line => line.StartsWith("CapEff:", StringComparison.Ordinal) && line.AsSpan(7).ContainsAnyExcept(" \t0")))
            return "The runner has capabilities of root; start it without any.";
        return CanRead(dataDirectory) ? $"The runner's user can read {dataDirectory}, where the gateway keeps its keys; give it another user, or close the folder (chmod 700)." : null;
    }

    private static bool CanRead(string folder)
    {
        try
        {
            if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()) return true;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            // A folder that cannot be listed may still be one whose files can be opened by name.
        }
        return Kept.Any(name => CanOpen(Path.Combine(folder, name)));
    }

    private static bool CanOpen(string file)
    {
        try
        {
            using var opened = File.OpenHandle(file);
            return true;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            return false;
        }
    }
}
