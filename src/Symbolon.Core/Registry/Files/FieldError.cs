namespace Symbolon.Core.Registry.Files;

/// <summary>One thing that is wrong with a document or a request.</summary>
/// <param name="Path">Where, e.g. <c>spec.tools[3].effect</c>; empty for the whole.</param>
/// <param name="Code">Stable, one of <see cref="FieldErrorCode"/>.</param>
/// <param name="Message">For people; names the field and the limit.</param>
public sealed record FieldError(string Path, string Code, string Message);

public static class FieldErrorCode
{
    public const string Missing = "missing";
    public const string UnknownField = "unknown_field";

    /// <summary>The format knows the field, but this version does not enforce it, and so refuses it.</summary>
    public const string NotSupportedYet = "not_supported_yet";
    public const string WrongType = "wrong_type";
    public const string BadValue = "bad_value";
    public const string BadName = "bad_name";
    public const string BadCharacter = "bad_character";
    public const string Duplicate = "duplicate";
    public const string TooLong = "too_long";
    public const string TooMany = "too_many";
    public const string UnknownReference = "unknown_reference";
    public const string Expired = "expired";
}
