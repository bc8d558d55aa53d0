namespace Symbolon.Cli.Commands;

/// <summary>Query strings of the admin API.</summary>
internal static class Query
{
    /// <returns><c>?name=value&amp;…</c> of those that have a value, or nothing.</returns>
    public static string Of(params IEnumerable<(string Name, string? Value)> parameters)
    {
        var given = parameters.Where(parameter => parameter.Value is not null).Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value!)}").ToList();
        return given.Count == 0 ? "" : "?" + string.Join('&', given);
    }
}
