using System.Runtime.InteropServices;

namespace Symbolon.Storage.Databases;

/// <summary>
/// The few functions of SQLite that every audit record goes through, called directly: the provider's way costs a handle's reference
/// count and a copy for each value, which is a third of the writer's time. Binding never blocks, so it may skip the switch of the
/// garbage collector's mode; stepping may block and does not.
/// </summary>
internal static unsafe class SqliteCalls
{
    public static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, long, int> BindInt64 =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, long, int>)Export("sqlite3_bind_int64");

    public static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, int> BindNull =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, int>)Export("sqlite3_bind_null");

    /// <summary>The last argument is 0, SQLITE_STATIC: the bytes stay where they are until the statement has run.</summary>
    public static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, byte*, int, nint, int> BindText =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, byte*, int, nint, int>)Export("sqlite3_bind_text");

    /// <inheritdoc cref="BindText"/>
    public static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, byte*, int, nint, int> BindBlob =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, byte*, int, nint, int>)Export("sqlite3_bind_blob");

    public static readonly delegate* unmanaged[Cdecl]<nint, int> Step = (delegate* unmanaged[Cdecl]<nint, int>)Export("sqlite3_step");

    /// <summary>Rows that the last statement of this connection wrote.</summary>
    public static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int> Changes =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int>)Export("sqlite3_changes");

    public static readonly delegate* unmanaged[Cdecl]<nint, int> Reset = (delegate* unmanaged[Cdecl]<nint, int>)Export("sqlite3_reset");

    private static nint Export(string name) => NativeLibrary.GetExport(NativeSqlite.Handle, name);
}
