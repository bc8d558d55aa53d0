namespace Symbolon.Admin.Console.Parts;

/// <summary>The beginning of a long text.</summary>
internal static class ShortText
{
    public static string Of(string text, int most)
    {
        if (text.Length <= most) return text;
        // Half of a surrogate pair is no character.
        var end = char.IsHighSurrogate(text[most - 1]) ? most - 1 : most;
        return text[..end] + "…";
    }
}
