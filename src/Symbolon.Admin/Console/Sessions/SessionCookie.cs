using Microsoft.AspNetCore.Http;

namespace Symbolon.Admin.Console.Sessions;

/// <summary>
/// The console's cookie: <c>__Host-symbolon</c> and Secure where the page was reached by https, at a proxy or here; <c>symbolon-PORT</c> on
/// loopback without TLS, and read nowhere else: a sibling host can plant that name. Not readable by scripts, not sent with a foreign
/// page's POST.
/// </summary>
internal sealed class SessionCookie(IPublicAddresses addresses)
{
    private const string Plain = "symbolon";
    private const string Secure = "__Host-symbolon";

    public string? Read(HttpContext http) => http.Request.Cookies[NameOf(http)];

    public void Write(HttpContext http, string secret) =>
        http.Response.Cookies.Append(NameOf(http), secret, Options(http));

    public void Remove(HttpContext http) => http.Response.Cookies.Delete(NameOf(http), Options(http));

    private string NameOf(HttpContext http) => addresses.IsSecure(http) ? Secure : Plain + CookiePort.Of(addresses.Origins);

    private CookieOptions Options(HttpContext http) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        Secure = addresses.IsSecure(http),
        MaxAge = ConsoleSessions.Lifetime,
        IsEssential = true,
    };
}
