using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Symbolon.Admin.Console.Forms;

/// <summary>The cookie half of a form's token: Secure where the page was reached by https, which behind a proxy only the set origin tells.</summary>
internal sealed class FormCookie : CookieBuilder
{
    public FormCookie() => (Name, SameSite, HttpOnly, IsEssential) = ("symbolon-form", SameSiteMode.Lax, true, true);

    public override CookieOptions Build(HttpContext context, DateTimeOffset expiresFrom)
    {
        var options = base.Build(context, expiresFrom);
        options.Secure = context.RequestServices.GetRequiredService<IPublicAddresses>().IsSecure(context);
        return options;
    }
}
