namespace Symbolon.Core.Policy;

/// <summary>
/// Who may reach a route. Every route that is mapped carries exactly one as endpoint metadata; a test fails for a route without.
/// </summary>
public abstract record RouteAccess
{
    private RouteAccess() { }

    /// <summary>Anybody who gets past Host and Origin. <paramref name="Because"/> says why that is safe.</summary>
    public sealed record Anyone(string Because) : RouteAccess;

    /// <summary>The holder of a caller token, authenticated and decided by the gateway.</summary>
    public sealed record Caller : RouteAccess;

    /// <summary>An OAuth client, authenticated by the authorization server at the endpoint.</summary>
    public sealed record Client : RouteAccess;

    /// <summary>Whoever is signed in to the console, and about nobody else. <paramref name="About"/> says what it shows or ends.</summary>
    public sealed record Person(string About) : RouteAccess;

    /// <summary>An administrator with this permission, e.g. <c>servers:write</c>.</summary>
    public sealed record Administrator(string Permission) : RouteAccess;
}
