using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;

namespace Symbolon.Cli.Files;

/// <summary>Whose a folder is, which .NET does not tell: statx(2), whose layout is the same on every Linux.</summary>
[SupportedOSPlatform("linux")]
internal static class FileOwner
{
    private const int WorkingDirectory = -100, NoFollow = 0x100, Folder = 0x4000, OwnerOnly = 0x1C0;
    private const uint TypeModeAndOwner = 0x1 | 0x2 | 0x8;

    /// <summary>A folder, no link to one, of this process's user with mode 0700.</summary>
    public static bool IsOwnFolder(string path)
    {
        var found = new byte[256];
        if (Statx(WorkingDirectory, Encoding.UTF8.GetBytes(path + '\0'), NoFollow, TypeModeAndOwner, found) != 0) return false;
        // stx_uid and stx_mode.
        return BitConverter.ToUInt32(found, 20) == EffectiveUser() && BitConverter.ToUInt16(found, 28) == (Folder | OwnerOnly);
    }

    [DllImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Statx(int directory, byte[] path, int flags, uint mask, [Out] byte[] found);

    [DllImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint EffectiveUser();
}
