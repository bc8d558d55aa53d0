using Symbolon.Jose.Json;

namespace Symbolon.Core.Registry.Files;

/// <summary>
/// The strict scan that every JSON text of files and of the admin API passes before it is read: grammar, UTF-8, no members that
/// are equal or fold alike in any object, depth 64.
/// </summary>
public static class StrictBody
{
    /// <summary>Members of all objects together: a manifest of 10,000 tools has some.</summary>
    public const int Members = 500_000;

    private static readonly JsonLimits Limits = new(depth: 64, members: Members);

    /// <returns>Null, or what is wrong, naming the byte.</returns>
    public static string? FaultOf(ReadOnlySpan<byte> utf8)
    {
        var error = StrictJson.Scan(utf8, Limits);
        return error.Accepted ? null : error.InWords(Limits);
    }
}
