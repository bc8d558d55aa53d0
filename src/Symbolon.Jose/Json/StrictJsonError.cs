namespace Symbolon.Jose.Json;

/// <summary>Why a text is not accepted.</summary>
public enum StrictJsonErrorKind
{
    None = 0,

    /// <summary>Not the grammar of RFC 8259 §2 to §7; an empty text and a byte order mark included.</summary>
    Malformed,

    /// <summary>Bytes that are no UTF-8 (RFC 3629): overlong, surrogate, beyond U+10FFFF, cut off or stray.</summary>
    InvalidUtf8,

    /// <summary>An escape that names half of a surrogate pair alone: what it decodes to differs between parsers.</summary>
    LoneSurrogate,

    /// <summary>A raw character below U+0020 in a string.</summary>
    ControlCharacter,

    /// <summary>A second value, or anything else than white space, after the value.</summary>
    TrailingContent,

    /// <summary>Two members of one object have the same name once escapes are decoded.</summary>
    DuplicateMember,

    /// <summary>Two members of one object differ, but not to a reader that disregards case (<see cref="NameFolding"/>).</summary>
    FoldedMember,

    /// <summary>More open containers than <see cref="JsonLimits.Depth"/>.</summary>
    TooDeep,

    /// <summary>More members than <see cref="JsonLimits.Members"/>.</summary>
    TooManyMembers,
}

/// <summary>The verdict of one scan: <see cref="Accepted"/>, or the kind of the first fault found and the byte where it was seen.</summary>
public readonly record struct StrictJsonError(StrictJsonErrorKind Kind, int Offset)
{
    public bool Accepted => Kind == StrictJsonErrorKind.None;

    /// <summary>What is wrong, as a sentence that names the byte.</summary>
    /// <param name="limits">Those of the scan.</param>
    public string InWords(JsonLimits limits) => Kind switch
    {
        StrictJsonErrorKind.InvalidUtf8 => $"No UTF-8 at byte {Offset}.",
        StrictJsonErrorKind.LoneSurrogate => $"An unpaired surrogate at byte {Offset}.",
        StrictJsonErrorKind.ControlCharacter => $"A control character in a string at byte {Offset}.",
        StrictJsonErrorKind.TrailingContent => $"More than one value, at byte {Offset}.",
        StrictJsonErrorKind.DuplicateMember => $"A member is given twice, at byte {Offset}.",
        StrictJsonErrorKind.FoldedMember => $"A member differs from another of the same object in case alone, at byte {Offset}.",
        StrictJsonErrorKind.TooDeep => $"Nested deeper than {limits.Depth} levels, at byte {Offset}.",
        StrictJsonErrorKind.TooManyMembers => $"More than {limits.Members} members, at byte {Offset}.",
        _ => $"No JSON (RFC 8259) at byte {Offset}.",
    };
}
