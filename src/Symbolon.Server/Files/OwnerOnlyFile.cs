namespace Symbolon.Server.Files;

/// <summary>
/// Files that only their owner may read (0600). Written whole under another name, flushed and then named: a crash leaves either the
/// old state or the new one, never half a file.
/// </summary>
internal static class OwnerOnlyFile
{
    private const UnixFileMode OthersMay =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <exception cref="IOException">The file exists already, or cannot be written.</exception>
    public static void Create(string path, ReadOnlySpan<byte> content) => Write(path, content, replace: false);

    public static void Replace(string path, ReadOnlySpan<byte> content) => Write(path, content, replace: true);

    /// <summary>Whether others than the owner have any right to it. Windows keeps rights elsewhere; there it is the operator's to look.</summary>
    public static bool IsOpenToOthers(string path) => !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & OthersMay) != 0;

    public static bool IsWritableByOthers(string path) =>
        !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0;

    private static void Write(string path, ReadOnlySpan<byte> content, bool replace)
    {
        var draft = $"{path}.{Path.GetRandomFileName()}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(draft, options))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }
        try
        {
            File.Move(draft, path, replace);
        }
        catch (IOException)
        {
            File.Delete(draft);
            throw;
        }
        DirectorySync.Flush(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }
}
