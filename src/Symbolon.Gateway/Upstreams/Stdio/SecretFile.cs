using Symbolon.Core.Identity;
using Symbolon.Gateway.Upstreams.Credentials;

namespace Symbolon.Gateway.Upstreams.Stdio;

/// <summary>
/// The secret of one process in a file that its user alone may read. It is replaced as a whole: whoever opens it reads the value before or the next one. It is gone
/// when the process has ended, and while there is nothing to show.
/// </summary>
/// <param name="shown">What is to be in it now.</param>
internal sealed class SecretFile(string folder, OrganisationId organisation, ServerName server, Func<CredentialHeader> shown, Action<SecretFile> ended) : IDisposable
{
    private readonly Lock gate = new();
    private string? content, before;
    private bool isEnded;

    public string Path { get; } = System.IO.Path.Combine(folder, $"{server}-{Guid.NewGuid():n}");

    public OrganisationId Organisation => organisation;

    public ServerName Server => server;

    /// <summary>Whether a text holds what is in it, or was just before.</summary>
    public bool IsIn(string text) => Holds(text, Volatile.Read(ref content)) || Holds(text, Volatile.Read(ref before));

    /// <summary>Puts in what is to be shown now, or takes the file away.</summary>
    /// <param name="isServed">False: nothing is shown to this server any more, whatever its file says.</param>
    /// <exception cref="IOException">It cannot be written; what was in it is gone.</exception>
    public void Refresh(bool isServed)
    {
        lock (gate)
        {
            if (isEnded) return;
            var next = isServed && shown() is CredentialHeader.Reference reference ? reference.Value : null;
            if (next == content) return;
            before = content ?? before;
            if (next is null)
            {
                // What could not be taken away is tried again.
                File.Delete(Path);
                content = null;
                return;
            }
            content = null;
            Replace(next);
            content = next;
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            isEnded = true;
            // Its last words may still come.
            (before, content) = (content ?? before, null);
            try
            {
                File.Delete(Path);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // The folder is gone with all that was in it, or will be before the next start.
            }
        }
        ended(this);
    }

    private static bool Holds(string text, string? secret) => secret is { Length: > 0 } && text.Contains(secret, StringComparison.Ordinal);

    private void Replace(string value)
    {
        var draft = $"{Path}.next";
        try
        {
            File.Delete(draft);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var file = new FileStream(draft, options)) file.Write(System.Text.Encoding.UTF8.GetBytes(value));
            File.Move(draft, Path, overwrite: true);
        }
        catch
        {
            // An old value must not outlive the one that replaced it, nor half of the next one lie about.
            File.Delete(draft);
            File.Delete(Path);
            throw;
        }
    }
}
