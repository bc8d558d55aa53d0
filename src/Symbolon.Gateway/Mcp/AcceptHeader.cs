using Microsoft.Extensions.Primitives;

namespace Symbolon.Gateway.Mcp;

/// <summary>Media types as RFC 9110 §12.5.1 and §8.3 spell them; weights other than 0 do not matter to us.</summary>
internal static class AcceptHeader
{
    /// <summary>Whether the client takes this type: named, or by a wildcard. No header accepts nothing, since clients have to send one.</summary>
    public static bool Allows(StringValues accept, string type)
    {
        for (var i = 0; i < accept.Count; i++)
        {
            var value = accept[i].AsSpan();
            foreach (var range in value.Split(','))
                if (IsMatch(value[range], type)) return true;
        }
        return false;
    }

    public static bool IsJson(string? contentType) => contentType is not null
        && (contentType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || IsTypeOf(contentType, "application/json", out _));

    private static bool IsMatch(ReadOnlySpan<char> range, string type)
    {
        var slash = type.IndexOf('/', StringComparison.Ordinal);
        if (!IsTypeOf(range, type, out var parameters)
            && !IsTypeOf(range, "*/*", out parameters)
            && !(range.Trim().StartsWith(type.AsSpan(0, slash + 1), StringComparison.OrdinalIgnoreCase) && IsTypeOf(range.Trim()[(slash + 1)..], "*", out parameters)))
            return false;
        return !parameters.Trim().Equals("q=0", StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsTypeOf(ReadOnlySpan<char> range, string type, out ReadOnlySpan<char> parameters)
    {
        var end = range.IndexOf(';');
        parameters = end < 0 ? default : range[(end + 1)..];
        return (end < 0 ? range : range[..end]).Trim().Equals(type, StringComparison.OrdinalIgnoreCase);
    }
}
