namespace Symbolon.Client.Credentials;

/// <summary>Of the processes that share a key file, one at a time puts another key in its place. The system gives it free when a process is killed.</summary>
internal sealed class KeyFileLock : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Longer than any request of the one that has it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly FileStream file;

    private KeyFileLock(FileStream file) => this.file = file;

    /// <exception cref="IOException">Another process has had it for a minute, or the file cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written.</exception>
    public static async Task<KeyFileLock> TakeAsync(string path, CancellationToken cancellation)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        // Real time whatever the clock of the credential is: it is another process that is waited for.
        for (var begun = TimeProvider.System.GetTimestamp(); ;)
        {
            try
            {
                return new KeyFileLock(new FileStream(path, options));
            }
            catch (IOException) when (File.Exists(path) && TimeProvider.System.GetElapsedTime(begun) < Patience)
            {
                await Task.Delay(Pause, TimeProvider.System, cancellation);
            }
        }
    }

    public void Dispose() => file.Dispose();
}
