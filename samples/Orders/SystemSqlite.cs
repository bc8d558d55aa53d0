using System.Reflection;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace Orders;

/// <summary>Lets the SQLite provider use the operating system's library, since the package that brings one is not used.</summary>
internal static class SystemSqlite
{
    private static readonly string[] Names = ["libsqlite3.so.0", "libsqlite3.dylib", "libsqlite3.so", "winsqlite3.dll"];

    public static void Use()
    {
        NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, Resolve);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        foreach (var candidate in Names)
            if (NativeLibrary.TryLoad(candidate, out var library)) return library;
        throw new DllNotFoundException("The system has no SQLite library (Debian: libsqlite3-0).");
    }
}
