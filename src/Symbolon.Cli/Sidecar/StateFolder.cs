using System.Security.Cryptography;
using Symbolon.Cli.Files;
using Symbolon.Cli.Output;
using Symbolon.Jose;

namespace Symbolon.Cli.Sidecar;

/// <summary>The folder (0700) of one sidecar: the instance's key, what was answered to its enrolment, and the local secret. Held for as long as the sidecar runs.</summary>
internal sealed class StateFolder : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const int SecretBytes = 32;
    private const int MostSecret = 256;

    private readonly string path;
    private readonly FileStream held;

    private StateFolder(string path, FileStream held) => (this.path, this.held) = (path, held);

    public string KeyFile => KeyFileIn(path);

    public string SecretFile => Path.Combine(path, "local-secret");

    public static string KeyFileIn(string folder) => Path.Combine(folder, "instance.key");

    /// <summary>Makes it where there is none.</summary>
    /// <exception cref="CommandException">It is somebody else's, others have rights to it, or another sidecar runs on it.</exception>
    public static StateFolder Open(string path)
    {
        var whole = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(whole);
        else if (!Directory.Exists(whole)) Directory.CreateDirectory(whole, OwnerOnly);
        if (OperatingSystem.IsLinux() && !FileOwner.IsOwnFolder(whole))
            throw new CommandException(ExitCode.Error, "state_unusable", $"{whole} must be a folder of {Environment.UserName} with mode 0700, and no link to one: the server's key lies in it.");
        try
        {
            return new StateFolder(whole, new FileStream(Path.Combine(whole, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException)
        {
            throw new CommandException(ExitCode.Conflict, "state_in_use", $"Another sidecar runs on {whole}. Each instance has a folder and a key of its own.");
        }
    }

    /// <summary>What local programs show on a TCP port. Stays the same when the sidecar starts again.</summary>
    /// <exception cref="IOException">Others have rights to the file.</exception>
    public string Secret()
    {
        if (PrivateFile.Read(SecretFile, MostSecret)?.Trim() is { Length: > 0 } kept) return kept;
        var made = Base64Url.Encode(RandomNumberGenerator.GetBytes(SecretBytes));
        PrivateFile.Write(SecretFile, made + "\n");
        return made;
    }

    public void Dispose() => held.Dispose();
}
