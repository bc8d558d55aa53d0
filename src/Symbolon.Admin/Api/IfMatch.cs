using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Symbolon.Admin.Api;

/// <summary><c>If-Match</c> (RFC 9110 §13.1.1) with the one version that the caller has seen.</summary>
internal static class IfMatch
{
    /// <summary>On a route: it takes the header.</summary>
    public static readonly Mark Described = new();

    /// <param name="version">Null when there is no condition; <c>*</c> is none either, since changes only ever meet what exists.</param>
    /// <returns>False when the header is not one strong tag of ours.</returns>
    public static bool TryRead(HttpContext context, out long? version)
    {
        version = null;
        var header = context.Request.Headers.IfMatch;
        if (header.Count == 0 || header is ["*"]) return true;
        if (header is not [{ Length: > 2 } tag] || tag[0] != '"' || tag[^1] != '"') return false;
        if (!long.TryParse(tag.AsSpan(1, tag.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        version = number;
        return true;
    }

    public static IResult Refused() => Answers.Malformed("If-Match must be one ETag as we gave it, e.g. \"3\".");

    public sealed class Mark;
}
