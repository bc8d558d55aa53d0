using Microsoft.AspNetCore.Http;

namespace Symbolon.Admin.Console.Sessions;

/// <summary>
/// The console's cookie: <c>__Host-symbolon</c> and Secure where the page was reached by https, <c>symbolon</c> on loopback without
/// TLS. Not readable by scripts, not sent with a foreign page's POST.
/// </summary>
internal static class SessionCookie
{
    private const string Plain = "symbolon";
    private const string Secure = "__Host-symbolon";

    public static string? Read(HttpContext http) =>
        http.Request.Cookies[Secure] ?? (http.Request.IsHttps ? null : http.Request.Cookies[Plain]);

    public static void Write(HttpContext http, string secret) =>
        http.Response.Cookies.Append(NameOf(http), secret, Options(http));

    public static void Remove(HttpContext http)
    {
        http.Response.Cookies.Delete(NameOf(http), Options(http));
    }

    private static string NameOf(HttpContext http) => IsSecure(http) ? Secure : Plain;

    /// <summary>Behind a proxy that ended TLS only the Origin of the form tells; the allow-list has compared it already.</summary>
    private static bool IsSecure(HttpContext http) =>
        http.Request.IsHttps || http.Request.Headers.Origin.ToString().StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    private static CookieOptions Options(HttpContext http) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        Secure = IsSecure(http),
        MaxAge = ConsoleSessions.Lifetime,
        IsEssential = true,
    };
}
