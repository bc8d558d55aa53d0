using Microsoft.AspNetCore.Http;
using Symbolon.Admin;

namespace Symbolon.Server.Edge;

/// <summary>The origins that the gate lets in are those that callers are told.</summary>
internal sealed class PublicAddresses(EdgeRules rules) : IPublicAddresses
{
    public IReadOnlyList<string> Origins => rules.Public.Named;

    public bool IsSecure(HttpContext http) => rules.OriginOf(http)?.StartsWith("https://", StringComparison.Ordinal) ?? http.Request.IsHttps;

    public bool ServesConsole(HttpContext http) => rules.ServesAdministrators(http);

    public string ConsoleOrigin => (rules.AdminIsApart ? rules.Admin : rules.Public).Named[0];
}
