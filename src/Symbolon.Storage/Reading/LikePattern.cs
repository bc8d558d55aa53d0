namespace Symbolon.Storage.Reading;

/// <summary>Patterns for <c>LIKE @pattern ESCAPE '\'</c>.</summary>
internal static class LikePattern
{
    public const string Escape = """ESCAPE '\'""";

    public static string Containing(string part) =>
        $"%{part.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal)}%";
}
