namespace Symbolon.Admin.Console.Layout;

/// <summary>A place that every page leads to.</summary>
/// <param name="Key">The letter after <c>g</c>.</param>
/// <param name="Gap">It begins a group.</param>
internal sealed record Place(string Id, string Path, string Name, string Icon, char Key, bool Gap = false);

/// <summary>The places of the console, in the order of a journey: first what there is, then who may use it, then what was done.</summary>
internal static class Navigation
{
    /// <summary>What is one's own: the first page of who is no administrator.</summary>
    public const string MyAccess = "/my-access";

    private static readonly IReadOnlyList<Place> ForAdministrators =
    [
        new("overview", "/", "Overview", "overview", 'o'),
        new("servers", "/servers", "Servers", "server", 's'),
        new("reviews", "/reviews", "Reviews", "review", 'r'),
        new("policies", "/policies", "Policies", "policy", 'l'),
        new("people", "/people", "People and agents", "people", 'p', Gap: true),
        new("tokens", "/tokens", "Tokens", "token", 't'),
        new("clients", "/clients", "Clients", "globe", 'c'),
        new("audit", "/audit", "Audit", "audit", 'a', Gap: true),
        new("settings", "/settings", "Settings", "settings", 'e'),
    ];

    private static readonly Place Own = new("my-access", MyAccess, "My access", "person", 'm');

    public static IReadOnlyList<Place> Of(PageFrame frame) =>
        !frame.IsAdministrator || !frame.ServesConsole ? [Own] : frame.IsPerson ? [.. ForAdministrators, Own with { Gap = true }] : ForAdministrators;
}
