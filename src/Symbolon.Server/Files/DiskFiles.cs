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
            return new FileFound.File(target, "sha256:" + Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation)));
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
