using System.Text;

namespace Symbolon.Storage.Databases;

/// <summary>Values of the audit's filter columns, which repeat parts of the record.</summary>
internal static class AuditColumns
{
    /// <summary>
    /// What not every database can hold as text, U+0000 and half a surrogate pair, is shown as U+FFFD here. The record itself keeps U+0000:
    /// one odd string must not stop the audit of everybody.
    /// </summary>
    public static string? Text(string? value)
    {
        if (value is null) return null;
        if (value.Contains('\0')) value = value.Replace('\0', '\uFFFD');
        return value.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(value)) : value;
    }

    public static byte[]? Call(Guid? call) => call?.ToByteArray(bigEndian: true);
}
