namespace Symbolon.Storage.Databases;

/// <summary>Values of the audit's filter columns, which repeat parts of the record.</summary>
internal static class AuditColumns
{
    /// <summary>
    /// U+0000, which PostgreSQL's text cannot hold, is shown as U+FFFD here. The record itself keeps it: one odd string must not stop
    /// the audit of everybody.
    /// </summary>
    public static string? Text(string? value) => value is not null && value.Contains('\0') ? value.Replace('\0', '\uFFFD') : value;

    public static byte[]? Call(Guid? call) => call?.ToByteArray(bigEndian: true);
}
