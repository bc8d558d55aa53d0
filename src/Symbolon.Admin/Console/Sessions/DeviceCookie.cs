using Microsoft.AspNetCore.Http;

namespace Symbolon.Admin.Console.Sessions;

/// <summary>What a browser keeps of having signed somebody in, for half a year; it opens nothing. Named as <see cref="SessionCookie"/> is, and for the same reasons.</summary>
internal sealed class DeviceCookie(IPublicAddresses addresses)
{
    private const string Plain = "symbolon-device";
    private const string Secure = "__Host-symbolon-device";

    private static readonly TimeSpan Life = TimeSpan.FromDays(180);

    public string? Read(HttpContext http) => http.Request.Cookies[NameOf(http)];

    public void Write(HttpContext http, string text) => http.Response.Cookies.Append(NameOf(http), text, new CookieOptions
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        Secure = addresses.IsSecure(http),
        MaxAge = Life,
        IsEssential = true,
    });

    private string NameOf(HttpContext http) => addresses.IsSecure(http) ? Secure : Plain + CookiePort.Of(addresses.Origins);
}
