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
        return error.Kind switch
        {
            StrictJsonErrorKind.None => null,
            StrictJsonErrorKind.InvalidUtf8 => $"No UTF-8 at byte {error.Offset}.",
            StrictJsonErrorKind.LoneSurrogate => $"An unpaired surrogate at byte {error.Offset}.",
            StrictJsonErrorKind.ControlCharacter => $"A control character in a string at byte {error.Offset}.",
            StrictJsonErrorKind.TrailingContent => $"More than one value, at byte {error.Offset}.",
            StrictJsonErrorKind.DuplicateMember => $"A member is given twice, at byte {error.Offset}.",
            StrictJsonErrorKind.FoldedMember => $"A member differs from another of the same object in case alone, at byte {error.Offset}.",
            StrictJsonErrorKind.TooDeep => $"Nested deeper than {Limits.Depth}, at byte {error.Offset}.",
            StrictJsonErrorKind.TooManyMembers => $"More than {Limits.Members} members, at byte {error.Offset}.",
            _ => $"No JSON (RFC 8259) at byte {error.Offset}.",
        };
    }
}
