namespace Symbolon.Core.Resources;

/// <summary>Names of actions on resources, e.g. <c>read</c>: the part of a scope <c>{action}:{resource pattern}</c> before the colon.</summary>
public static class ResourceAction
{
    public const string Rule = "a lower-case letter, then at most 31 lower-case letters, digits, _ and -";

    public static bool IsValid(string text) =>
        text.Length is > 0 and <= 32 && char.IsAsciiLetterLower(text[0])
        && text.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '_' or '-');
}
