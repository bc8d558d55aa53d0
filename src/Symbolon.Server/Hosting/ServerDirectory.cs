using Symbolon.Server.Files;
using Symbolon.Server.Sealing;

namespace Symbolon.Server.Hosting;

/// <summary>The folder of one server: made 0700, taken for the life of the process, with the names of what lies in it.</summary>
public sealed class ServerDirectory : IDisposable
{
    private readonly DirectoryLock held;

    private ServerDirectory(string path, DirectoryLock held)
    {
        FullPath = path;
        this.held = held;
        Secrets = SecretFolder.Open(path);
    }

    public string FullPath { get; }

    public string AdminTokenFile => Path.Combine(FullPath, "admin-token");

    public string SignInLinkFile => Path.Combine(FullPath, "sign-in-link");

    /// <summary>For secrets that processes read.</summary>
    internal SecretFolder Secrets { get; }

    internal string NodeFile => Path.Combine(FullPath, "node");

    internal string Database => Path.Combine(FullPath, "symbolon.db");

    private string MasterKeyFile => Path.Combine(FullPath, "master.key");

    /// <exception cref="StartException">The folder cannot be used, others than its owner have rights to it, or another server works in it.</exception>
    internal static ServerDirectory Take(string directory)
    {
        var path = Path.GetFullPath(directory);
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
            else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            CloseToOthers(path);
            return DirectoryLock.TryTake(path) is { } held
                ? new ServerDirectory(path, held)
                : throw new StartException($"Another server works in {path}. Stop it, or give this one a folder of its own with --data.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"{path} cannot be used: {e.Message}", e);
        }
    }

    /// <summary>
    /// An empty folder, as <c>mkdir</c> makes it, is made ours. One with something in it keeps its rights: our files in it have their
    /// own. But where others may write, they could have put another master key or database there.
    /// </summary>
    private static void CloseToOthers(string path)
    {
        if (!OwnerOnlyFile.IsOpenToOthers(path)) return;
        if (Directory.EnumerateFileSystemEntries(path).Any())
        {
            if (OwnerOnlyFile.IsWritableByOthers(path))
                throw new StartException($"Others than its owner may write in {path}, and it is not empty; chmod 700 it, or name another folder with --data.");
        }
        else if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <param name="configured">A key file of the operator's, which must exist; null: our own, made where it is missing.</param>
    /// <exception cref="MasterKeyException">The key cannot be used.</exception>
    internal MasterKey ReadMasterKey(string? configured)
    {
        if (configured is not null) return Sealing.MasterKeyFile.Read(configured);
        // A new key beside an old database could open nothing in it, and would then be taken for the right one.
        if (File.Exists(Database) && !File.Exists(MasterKeyFile))
            throw new MasterKeyException($"{Database} exists, but {MasterKeyFile} is missing. Put the key back, or name it by --master-key-file.");
        return Sealing.MasterKeyFile.ReadOrCreate(MasterKeyFile);
    }

    public void Dispose()
    {
        Secrets.Dispose();
        held.Dispose();
    }
}

/// <summary>The server cannot start; the message is for the operator.</summary>
public sealed class StartException(string message, Exception? inner = null) : Exception(message, inner);
