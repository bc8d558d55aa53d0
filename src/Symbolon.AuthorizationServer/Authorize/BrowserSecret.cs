using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Symbolon.Core.Identity;
using Symbolon.Jose;

namespace Symbolon.AuthorizationServer.Authorize;

/// <summary>What only one browser has, so that a pushed request that it has opened is no other's: a cookie of ten minutes, <c>__Host-</c> under https.</summary>
internal static class BrowserSecret
{
    private const string Plain = "symbolon-request";
    private const string Secure = "__Host-symbolon-request";
    private const int Bytes = 32;
    private const int Length = 43;

    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    /// <summary>Reads it, or makes one and gives it to the browser with this answer.</summary>
    /// <param name="origin">The origin that the request selected.</param>
    /// <returns>Its SHA-256.</returns>
    public static TokenHash ReadOrMake(HttpContext http, string origin)
    {
        var isSecure = origin.StartsWith("https://", StringComparison.Ordinal);
        var name = isSecure ? Secure : Plain;
        if (http.Request.Cookies[name] is not { Length: Length } secret || !Ascii.IsValid(secret))
        {
            secret = Base64Url.Encode(RandomNumberGenerator.GetBytes(Bytes));
            http.Response.Cookies.Append(name, secret, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, Path = "/", Secure = isSecure, MaxAge = Life, IsEssential = true });
        }
        return TokenHash.Of(Encoding.ASCII.GetBytes(secret));
    }
}
