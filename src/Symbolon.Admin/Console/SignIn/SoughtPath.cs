using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Symbolon.Admin.Console.SignIn;

/// <summary>The page that somebody wanted and got the sign-in page for: where they go once they are in. Always a path of this server.</summary>
internal static class SoughtPath
{
    /// <summary>The field of the sign-in form, and the parameter of its page.</summary>
    public const string Field = "to";

    private const string SignIn = "/sign-in";
    private const string Order = "/tokens/issue";

    /// <summary>An authorization request is a long address.</summary>
    private const int Most = 8000;

    /// <returns>Null where it is the first page, or nothing that can be asked for again.</returns>
    public static string? Of(HttpContext http)
    {
        var request = http.Request;
        var path = request.Path.StartsWithSegments(SignIn)
            // What could not be read as a form, was refused for that.
            ? HttpMethods.IsGet(request.Method) ? request.Query[Field].ToString() : http.Features.Get<IFormFeature>()?.Form?[Field].ToString()
            : HttpMethods.IsGet(request.Method) ? request.Path.ToUriComponent() + request.QueryString.ToUriComponent() : null;
        return IsOurs(path) ? path : null;
    }

    /// <returns>A path to be led to; the first page for what is none of ours.</returns>
    public static string Of(string? sent, string first = "/") => !IsOurs(sent) ? first : IsOrder(sent!) ? Order : sent!;

    /// <summary>Behind a sign-in, the form of an order could not tell any more that a link from elsewhere filled it in.</summary>
    private static bool IsOrder(string path) =>
        !Uri.TryCreate("http://localhost" + path, UriKind.Absolute, out var address) || Uri.UnescapeDataString(address.AbsolutePath).TrimEnd('/').Equals(Order, StringComparison.OrdinalIgnoreCase);

    /// <summary>Browsers read a second slash, of either kind, as the beginning of a host, and drop tabs and line ends before they look.</summary>
    private static bool IsOurs(string? path) =>
        path is ['/', .. var rest] && path.Length is > 1 and <= Most && rest is not ['/' or '\\', ..]
        && !path.StartsWith(SignIn, StringComparison.OrdinalIgnoreCase) && path.All(letter => letter is > ' ' and < '\x7f');
}
