using System.Globalization;

namespace Symbolon.Admin.Console.Sessions;

/// <summary>What tells the cookies of servers on one host apart: browsers send them to every port of it (RFC 6265 §8.5).</summary>
internal static class CookiePort
{
    /// <param name="origins">The set origins; all nodes of one address have the same first one.</param>
    public static string Of(IReadOnlyList<string> origins) =>
        origins is [var first, ..] && Uri.TryCreate(first, UriKind.Absolute, out var url) ? string.Create(CultureInfo.InvariantCulture, $"-{url.Port}") : "";
}
