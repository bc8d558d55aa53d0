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
    public static DirectoryLock? TryTake(string directory)
    {
        try
        {
            // FileShare.None takes flock(LOCK_EX | LOCK_NB) on Unix.
            return new DirectoryLock(new FileStream(
                Path.Combine(directory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException)
        {
            return null;
        }
    }

    public void Dispose() => file.Dispose();
}
