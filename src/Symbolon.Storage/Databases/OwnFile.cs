namespace Symbolon.Storage.Databases;

/// <summary>Files that nobody else may read (mode 0600).</summary>
internal static class OwnFile
{
    public static FileStreamOptions New
    {
        get
        {
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            return options;
        }
    }
}
