using Symbolon.Core.Snapshot;

namespace Symbolon.Storage.Documents;

/// <summary>The edge at which text that not every database can hold is refused.</summary>
internal static class StorableText
{
    /// <exception cref="UnstorableTextException">The text holds U+0000 or half a surrogate pair.</exception>
    public static string Require(string text, string what) => CanBeStored(text) ? text : throw new UnstorableTextException(what);

    /// <summary>Whether a row may hold this text; if not, a search for it has found nothing already.</summary>
    public static bool CanBeStored(string? text)
    {
        if (text is null) return true;
        if (text.Contains('\0')) return false;
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[++i])) return false;
        }
        return true;
    }

    /// <exception cref="UnstorableTextException">A string of this JSON text holds U+0000, which JSON writes as an escape.</exception>
    public static string RequireDocument(string json)
    {
        for (var at = json.IndexOf("\\u0000", StringComparison.Ordinal); at >= 0; at = json.IndexOf("\\u0000", at + 1, StringComparison.Ordinal))
        {
            var backslashes = 1;
            while (at - backslashes >= 0 && json[at - backslashes] == '\\') backslashes++;
            // An even number in front of the u is a backslash that was escaped itself, and then "u0000" is just text.
            if (backslashes % 2 == 1) throw new UnstorableTextException("the object");
        }
        return json;
    }
}
