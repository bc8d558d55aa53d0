using System.Security.Cryptography;

namespace Symbolon.Cli.Sidecar;

/// <summary>Files for this user alone (0600).</summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Whole or not at all: whoever reads meanwhile reads what was there before.</summary>
    public static void Write(string path, string text)
    {
        // A name that nobody can have made before, since what lies there already could be somebody else's.
        var unfinished = $"{path}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
            using (var file = new StreamWriter(unfinished, options))
            {
                file.Write(text);
                file.Flush();
                ((FileStream)file.BaseStream).Flush(flushToDisk: true);
            }
            File.Move(unfinished, path, overwrite: true);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }

    /// <returns>Null where there is none.</returns>
    /// <exception cref="IOException">Others have rights to it, or it is larger than <paramref name="most"/> characters.</exception>
    public static string? Read(string path, int most)
    {
        if (!File.Exists(path)) return null;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        // Of the open file, so that it is the one that is read.
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file.SafeFileHandle) & ~OwnerOnly) != 0)
            throw new IOException($"Others than its owner have rights to {path}: take it away, and a new one is made.");
        if (file.Length > most) throw new IOException($"{path} is larger than {most} bytes.");
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }
}
