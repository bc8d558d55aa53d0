namespace Symbolon.Cli.Files;

/// <summary>Names of files that are made from names of objects.</summary>
internal static class FileName
{
    /// <summary><c>kind-name.yaml</c>, of letters, digits, <c>.</c>, <c>_</c> and <c>-</c> alone, so it never leaves its folder.</summary>
    public static string Of(string? kind, string? name) =>
        string.Concat($"{kind}-{name}".Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '_')) + ".yaml";
}
