using System.Globalization;

namespace Symbolon.Core.Identity;

/// <summary>A person, by lower-cased e-mail address. At most 254 characters (RFC 5321 §4.5.3.1.3).</summary>
public readonly record struct UserEmail
{
    public const string Rule = "an e-mail address of at most 254 characters: local@domain, no spaces, control or invisible characters, quotation marks or patterns";

    private UserEmail(string value) => Value = value;

    public string Value { get; }

    /// <summary>Lower-cases and checks. Not a full RFC 5322 parser: the address is a label that must be unambiguous to read.</summary>
    public static bool TryParse(string? text, out UserEmail email)
    {
        email = default;
        if (text is null || text.Length is < 3 or > 254) return false;
        var at = text.IndexOf('@', StringComparison.Ordinal);
        if (at < 1 || at != text.LastIndexOf('@') || at == text.Length - 1) return false;
        foreach (var c in text)
            if (char.IsWhiteSpace(c) || char.IsControl(c) || char.IsSurrogate(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse || c is '"' or '<' or '>' or ',' or ';' or ':' or '\\' or '(' or ')' or '*') return false;
        email = new UserEmail(text.ToLowerInvariant());
        return true;
    }

    /// <summary>For values that the store or a test already holds in checked form.</summary>
    /// <exception cref="FormatException">The text is not <see cref="Rule"/>.</exception>
    public static UserEmail Parse(string text) =>
        TryParse(text, out var email) ? email : throw new FormatException($"Expected {Rule}.");

    public override string ToString() => Value;
}
