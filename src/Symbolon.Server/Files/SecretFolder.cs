using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Symbolon.Server.Files;

/// <summary>
/// Where secrets lie that processes read: in memory where the system has a place for that, else in the server's own folder, in neither case where backups look. What a
/// server that was killed left there is gone before the next one serves. Used by one process at a time, which holds the server's folder.
/// </summary>
internal sealed partial class SecretFolder : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const string Memory = "/dev/shm";

    private readonly Lock gate = new();
    private readonly string run, marker, onDisk;
    private string? path;

    private SecretFolder(string directory)
    {
        run = System.IO.Path.Combine(directory, "run");
        marker = System.IO.Path.Combine(run, "secrets-at");
        onDisk = System.IO.Path.Combine(run, "secrets");
    }

    /// <summary>Takes away what was left.</summary>
    /// <param name="directory">The server's own folder.</param>
    /// <exception cref="IOException">Something of it cannot be taken away.</exception>
    public static SecretFolder Open(string directory)
    {
        var folder = new SecretFolder(directory);
        folder.Clear();
        return folder;
    }

    /// <summary>The folder, 0700.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public string Path
    {
        get
        {
            lock (gate) return path ??= InMemory() ?? Make(onDisk);
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            Clear();
            path = null;
        }
    }

    /// <summary>Under a name that nobody could have made before, which is written down first: whatever happens, it is found again.</summary>
    private string? InMemory()
    {
        if (!Directory.Exists(Memory)) return null;
        Make(run);
        var name = $"{Memory}/symbolon-{RandomNumberGenerator.GetHexString(32, lowercase: true)}";
        OwnerOnlyFile.Replace(marker, System.Text.Encoding.ASCII.GetBytes(name));
        try
        {
            return Make(name);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            File.Delete(marker);
            return null;
        }
    }

    private void Clear()
    {
        if (File.Exists(marker))
        {
            var name = File.ReadAllText(marker);
            if (OursInMemory().IsMatch(name) && Directory.Exists(name)) ClearInMemory(name);
            File.Delete(marker);
        }
        if (Directory.Exists(onDisk)) Directory.Delete(onDisk, recursive: true);
    }

    private static void ClearInMemory(string name)
    {
        try
        {
            Directory.Delete(name, recursive: true);
        }
        catch (UnauthorizedAccessException)
        {
            // Ours is gone, and somebody else has made one of its name: there is nothing of ours in a folder that we may not clear.
        }
    }

    private static string Make(string name) => (OperatingSystem.IsWindows() ? Directory.CreateDirectory(name) : Directory.CreateDirectory(name, OwnerOnly)).FullName;

    [GeneratedRegex("^/dev/shm/symbolon-[0-9a-f]{32}$")]
    private static partial Regex OursInMemory();
}
