using System.Buffers;
using System.Globalization;
using System.Text;

namespace Symbolon.Core.Redaction;

/// <summary>
/// Whether a text holds a credential: one of a known form, a value behind a secret's name (<c>password=…</c>, <c>--token …</c>,
/// <c>PASSWORD 'x'</c>), an address with a user in it, or a long run of letters and digits as only machines write them. Linear in the text, whatever it is.
/// </summary>
public static class SecretText
{
    private const int RandomRun = 32;

    /// <summary>Of plain base64, AWS's secret keys among it: longer, since paths have slashes, too.</summary>
    private const int RandomRunWithSlashes = 40;
    private const int NearbyBlanks = 8;

    /// <summary>More than any pattern needs behind its beginning.</summary>
    private const int Lookahead = 1024;

    private static readonly SearchValues<string> Starts =
        SearchValues.Create([.. SecretPatterns.Credentials.Select(each => each.Start)], StringComparison.Ordinal);
    private static readonly SearchValues<char> AuthorityEnds = SearchValues.Create("/?# \t\r\n\"'<>");
    private static readonly SearchValues<string> Schemes =
        SearchValues.Create([.. SecretPatterns.Schemes.Select(each => each.Scheme)], StringComparison.OrdinalIgnoreCase);

    public static bool HoldsSecret(string text)
    {
        if (Holds(Readable(text))) return true;
        return text.Contains('%') && Holds(Readable(PercentDecoded(text)));
    }

    /// <summary>For a text of which at most the first <paramref name="kept"/> characters are kept: a secret that begins there is found.</summary>
    public static bool HoldsSecret(string text, int kept)
    {
        if (text.Length <= kept + Lookahead) return HoldsSecret(text);
        var seen = text[..(kept + Lookahead)];
        // Where an address's authority does not end within what is looked at, a user may stand in it.
        var address = seen.LastIndexOf("://", StringComparison.Ordinal);
        return HoldsSecret(seen) || (address >= 0 && seen.AsSpan(address + 3).IndexOfAny(AuthorityEnds) < 0);
    }

    private static bool Holds(string seen)
    {
        foreach (var phrase in SecretPatterns.Phrases)
            if (seen.Contains(phrase, StringComparison.OrdinalIgnoreCase)) return true;
        return SecretOptions.HasOption(seen) || SecretOptions.HasUser(seen) || HasCredential(seen) || HasScheme(seen) || HasAssignment(seen) || HasUserInAddress(seen)
            || HasRandomRun(seen, RandomRun, '-', '_') || HasRandomRun(seen, RandomRunWithSlashes, '/', '/');
    }

    /// <summary>What credentials are written with behind their beginning.</summary>
    internal static bool IsTail(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '+' or '/' or '=' or '~';

    /// <summary>Without what a reader does not see, and full-width forms as the ASCII that they stand for.</summary>
    private static string Readable(string text)
    {
        if (Ascii.IsValid(text) && !text.Any(char.IsControl)) return text;
        var readable = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (c is >= '\uFF01' and <= '\uFF5E') readable.Append((char)(c - 0xFEE0));
            else if (c is '\t' or '\n' or '\r' || !(char.IsControl(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format || c is >= '\uFE00' and <= '\uFE0F'))
                readable.Append(c);
        }
        return readable.ToString();
    }

    /// <summary>Once, and ASCII alone: <c>password%3Dx</c> is an assignment.</summary>
    private static string PercentDecoded(string text)
    {
        var decoded = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '%' && at + 2 < text.Length && text[at + 1] is >= '2' and <= '7' && char.IsAsciiHexDigit(text[at + 2]))
            {
                decoded.Append((char)Convert.ToInt32(text.Substring(at + 1, 2), 16));
                at += 2;
            }
            else decoded.Append(text[at]);
        }
        return decoded.ToString();
    }

    private static bool HasCredential(ReadOnlySpan<char> text)
    {
        for (var at = text.IndexOfAny(Starts); at >= 0; at = text.IndexOfAny(Starts))
        {
            text = text[at..];
            foreach (var (start, tail) in SecretPatterns.Credentials)
                if (text.StartsWith(start, StringComparison.Ordinal) && TailOf(text[start.Length..], tail) >= tail) return true;
            text = text[1..];
        }
        return false;
    }

    private static bool HasScheme(ReadOnlySpan<char> text)
    {
        for (var at = text.IndexOfAny(Schemes); at >= 0; at = text.IndexOfAny(Schemes))
        {
            text = text[at..];
            foreach (var (scheme, tail) in SecretPatterns.Schemes)
            {
                if (!text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) continue;
                var behind = text[scheme.Length..];
                var blanks = Blanks(behind);
                if (blanks > 0 && TailOf(behind[blanks..], tail) >= tail) return true;
            }
            text = text[1..];
        }
        return false;
    }

    /// <summary><c>name=value</c>, <c>"name": "value"</c>, <c>--name value</c>, <c>name 'value'</c>, <c>name("value")</c>, <c>&lt;name&gt;value</c>.</summary>
    private static bool HasAssignment(ReadOnlySpan<char> text)
    {
        var start = 0;
        for (var at = 0; at <= text.Length; at++)
        {
            if (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] is '_' or '-' or '.')) continue;
            var name = text[start..at];
            var isElement = start > 0 && text[start - 1] == '<';
            start = at + 1;
            if (name.Length < 2 || at == text.Length || !SecretName.IsSecret(name)) continue;
            var behind = text[at..];
            if (name.StartsWith("--", StringComparison.Ordinal) && behind[0] == ' ') return true;
            var blanks = Blanks(behind);
            if (isElement || (blanks > 0 && (behind[..blanks].ContainsAny('"', '\'') || SecretName.IsPassword(name)))) return true;
            behind = behind[blanks..];
            if (behind.Length > 0 && behind[0] is '=' or ':' or '>' or '(' or '`') return true;
        }
        return false;
    }

    /// <summary><c>scheme://user:password@host</c>, and a token in the place of both.</summary>
    private static bool HasUserInAddress(ReadOnlySpan<char> text)
    {
        for (var at = text.IndexOf("://", StringComparison.Ordinal); at >= 0; at = text.IndexOf("://", StringComparison.Ordinal))
        {
            text = text[(at + 3)..];
            var end = text.IndexOfAny(AuthorityEnds);
            if ((end < 0 ? text : text[..end]).Contains('@')) return true;
            if (end > 0) text = text[end..];
        }
        return false;
    }

    /// <summary>Small and capital letters and digits, all three, without a break.</summary>
    private static bool HasRandomRun(ReadOnlySpan<char> text, int least, char also, char orAlso)
    {
        var (length, small, capital, digit) = (0, false, false, false);
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '+' && c != also && c != orAlso)
            {
                (length, small, capital, digit) = (0, false, false, false);
                continue;
            }
            length++;
            small |= char.IsAsciiLetterLower(c);
            capital |= char.IsAsciiLetterUpper(c);
            digit |= char.IsAsciiDigit(c);
            if (length >= least && small && capital && digit) return true;
        }
        return false;
    }

    private static int TailOf(ReadOnlySpan<char> text, int enough)
    {
        var length = 0;
        while (length < enough && length < text.Length && IsTail(text[length])) length++;
        return length;
    }

    /// <summary>Blanks, quotation marks and the backslashes of nested JSON.</summary>
    private static int Blanks(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < NearbyBlanks && length < text.Length && text[length] is ' ' or '\t' or '\r' or '\n' or '"' or '\'' or '\\' or ']') length++;
        return length;
    }
}
