namespace Symbolon.Admin.Console.Layout;

/// <summary>Addresses of pages with a query.</summary>
internal static class Addresses
{
    /// <returns>The path with those parameters that have a value.</returns>
    public static string Of(string path, params ReadOnlySpan<(string Name, string? Value)> query)
    {
        var separator = '?';
        foreach (var (name, value) in query)
        {
            if (string.IsNullOrEmpty(value)) continue;
            path += $"{separator}{name}={Uri.EscapeDataString(value)}";
            separator = '&';
        }
        return path;
    }
}
