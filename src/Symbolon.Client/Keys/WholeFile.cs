using System.Runtime.InteropServices;
using System.Text;

namespace Symbolon.Client.Keys;

/// <summary>Gives a finished file its name, unless there is one of this name: of several that come at once, one is first.</summary>
internal static class WholeFile
{
    /// <returns>False where there is a file of this name already. In both cases the other name is gone.</returns>
    /// <exception cref="IOException">Neither.</exception>
    public static bool TryPlace(string unfinished, string path)
    {
        try
        {
            if (OperatingSystem.IsWindows()) File.Move(unfinished, path, overwrite: false);
            // Elsewhere a move looks first and renames then, so that two could get through at once; a name is linked once.
            else if (Link(Encoding.UTF8.GetBytes(unfinished + '\0'), Encoding.UTF8.GetBytes(path + '\0')) != 0)
                return File.Exists(path) ? false : throw new IOException($"{path} cannot be made from {unfinished}.");
            return true;
        }
        catch (IOException) when (OperatingSystem.IsWindows() && File.Exists(path))
        {
            return false;
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    [DllImport("libc", EntryPoint = "link")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Link(byte[] from, byte[] to);
}
