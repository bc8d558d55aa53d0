namespace Symbolon.Server.Files;

/// <summary>
/// Held for as long as a server works in a data directory, so that two never share one. The operating system lets go of it when the
/// process ends, however it ends.
/// </summary>
internal sealed class DirectoryLock : IDisposable
{
    private readonly FileStream file;

    private DirectoryLock(FileStream file) => this.file = file;

    /// <returns>The lock, or null while another process holds it.</returns>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static DirectoryLock? TryTake(string directory)
    {
        try
        {
            // FileShare.None takes flock(LOCK_EX | LOCK_NB) on Unix.
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            return new DirectoryLock(new FileStream(Path.Combine(directory, "lock"), options));
        }
        catch (IOException e) when (IsHeld(e))
        {
            return null;
        }
    }

    /// <summary>EWOULDBLOCK of Linux and of macOS, a sharing violation of Windows. A full or read-only disk is no other server.</summary>
    private static bool IsHeld(IOException fault) => (fault.HResult & 0xFFFF) is 11 or 35 or 32;

    public void Dispose() => file.Dispose();
}
