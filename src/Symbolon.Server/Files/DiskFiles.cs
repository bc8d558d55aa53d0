using System.Security.Cryptography;
using Symbolon.Core.Registry;

namespace Symbolon.Server.Files;

/// <summary>The files of this machine, as the user sees them whose process this is.</summary>
public sealed class DiskFiles : IPinnedFiles
{
    /// <summary>Bytes of a file that is pinned. 1 GiB: a runtime has about 100 MiB.</summary>
    private const long Largest = 1L << 30;

    /// <summary>Links on the way to one file, as the kernel's own limit.</summary>
    private const int MostLinks = 40;

    private const int Step = 128 * 1024;

    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public static readonly DiskFiles Instance = new();

    public async Task<FileFound> ReadAsync(string path, CancellationToken cancellation)
    {
        try
        {
            if (TargetOf(path) is not { } target) return new FileFound.Unreadable("leads in a circle of links");
            // A device, a pipe or a socket has no length, and is not opened: that could wait for ever.
            if (new FileInfo(target) is not { Exists: true, Length: > 0 and var length }) return new FileFound.None();
            if (length > Largest) return new FileFound.Unreadable("is larger than 1 GiB");
            await using var file = new FileStream(target, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
            var (digest, head) = await ReadAsync(file, (int)Math.Min(length, FileFound.File.MostHead), cancellation);
            return new FileFound.File(target, digest) { Head = head, IsExecutable = !OperatingSystem.IsWindows() && (File.GetUnixFileMode(file.SafeFileHandle) & Executable) != 0 };
        }
        catch (UnauthorizedAccessException)
        {
            return new FileFound.Unreadable($"cannot be read by {Environment.UserName}");
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException or PathTooLongException or ArgumentException or NotSupportedException)
        {
            return new FileFound.None();
        }
        catch (IOException)
        {
            return new FileFound.Unreadable("cannot be read");
        }
    }

    /// <summary>One reading for both: what is said of the head is true of the digest.</summary>
    private static async Task<(string Digest, byte[] Head)> ReadAsync(FileStream file, int most, CancellationToken cancellation)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var head = new byte[most];
        head = head[..await file.ReadAtLeastAsync(head, most, throwOnEndOfStream: false, cancellation)];
        digest.AppendData(head);
        var bytes = new byte[Step];
        while (await file.ReadAsync(bytes, cancellation) is var read and > 0) digest.AppendData(bytes, 0, read);
        return ("sha256:" + Convert.ToHexStringLower(digest.GetHashAndReset()), head);
    }

    /// <summary>The path without links, in any of its parts.</summary>
    private static string? TargetOf(string path)
    {
        var links = 0;
        var open = new Stack<string>(path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        var found = "/";
        while (open.TryPop(out var part))
        {
            if (part == ".") continue;
            var next = part == ".." ? Path.GetDirectoryName(found) ?? "/" : Path.Join(found, part);
            if (part == ".." || new FileInfo(next).LinkTarget is not { } link)
            {
                found = next;
                continue;
            }
            if (++links > MostLinks) return null;
            if (link.StartsWith('/')) found = "/";
            foreach (var step in link.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse()) open.Push(step);
        }
        return found;
    }
}
