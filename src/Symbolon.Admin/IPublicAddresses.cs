using Microsoft.AspNetCore.Http;

namespace Symbolon.Admin;

/// <summary>Under which addresses callers reach the gateway; wired by the host.</summary>
public interface IPublicAddresses
{
    /// <summary>The public origins as they were set, such as <c>https://symbolon.example.com</c>, in that order. Never what a request's Host says.</summary>
    IReadOnlyList<string> Origins { get; }

    /// <summary>Whether a browser came by https, perhaps to a proxy that ended TLS: the scheme of the set origin that the Host selects.</summary>
    bool IsSecure(HttpContext http);

    /// <summary>Whether the request came in where administrators work; where they have listeners of their own, the others serve people what is their own.</summary>
    bool ServesConsole(HttpContext http) => true;

    /// <summary>The first origin at which the console is.</summary>
    string ConsoleOrigin => Origins[0];
}
