using System.Buffers;

namespace Symbolon.Core.Registry.Files;

/// <summary>A digest as files write it.</summary>
internal static class DigestText
{
    public const string Rule = "\"sha256:\" and 64 lower-case hex digits";

    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");

    public static bool IsValid(string text) =>
        text.Length == 71 && text.StartsWith("sha256:", StringComparison.Ordinal) && !text.AsSpan(7).ContainsAnyExcept(LowerHex);
}
