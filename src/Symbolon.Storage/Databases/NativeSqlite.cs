using System.Reflection;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace Symbolon.Storage.Databases;

/// <summary>
/// Uses the operating system's SQLite library: its security updates come with the system's, and no package brings a second one.
/// </summary>
public static class NativeSqlite
{
    /// <summary>3.37, the first with strict tables.</summary>
    private const int OldestVersion = 3_037_000;

    private static readonly string[] Names = ["libsqlite3.so.0", "libsqlite3.dylib", "libsqlite3.so", "winsqlite3.dll"];
    private static readonly Lazy<nint> Library = new(Load);

    /// <summary>Makes the library ready; any number of times.</summary>
    /// <exception cref="StoreStartException">The library is missing or too old; the message names Debian's package.</exception>
    public static void Use() => _ = Library.Value;

    internal static nint Handle => Library.Value;

    private static nint Load()
    {
        var library = Find(Names) ?? throw new StoreStartException(
            "The system has no SQLite library. Install it (Debian: apt-get install libsqlite3-0), or use PostgreSQL with --store.");
        NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, (name, _, _) => name == "e_sqlite3" ? library : 0);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        RequireVersion(raw.sqlite3_libversion_number(), raw.sqlite3_libversion().utf8_to_string());
        Configure(library);
        return library;
    }

    /// <summary>
    /// Every connection is used by one thread at a time, so SQLite need not lock it at each call, nor count the memory of the process
    /// under one lock. Refused when something else in the process has used the library before; then it is only slower.
    /// </summary>
    private static unsafe void Configure(nint library)
    {
        var configure = (delegate* unmanaged[Cdecl]<int, int, int>)NativeLibrary.GetExport(library, "sqlite3_config");
        _ = configure(raw.SQLITE_CONFIG_MULTITHREAD, 0);
        _ = configure(raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    internal static nint? Find(IEnumerable<string> names)
    {
        foreach (var name in names)
            if (NativeLibrary.TryLoad(name, Assembly.GetExecutingAssembly(), DllImportSearchPath.SafeDirectories, out var library)) return library;
        return null;
    }

    internal static void RequireVersion(int number, string text)
    {
        if (number < OldestVersion)
            throw new StoreStartException($"The system's SQLite library is {text}; at least 3.37 is needed (Debian: apt-get install libsqlite3-0).");
    }
}
