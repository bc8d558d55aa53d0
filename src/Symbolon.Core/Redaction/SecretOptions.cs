namespace Symbolon.Core.Redaction;

/// <summary>Secrets of command lines and addresses that stand behind no secret's name. Each reads a text once.</summary>
internal static class SecretOptions
{
    /// <summary><c>-u name:password</c>, <c>-ppassword</c>, and <c>-p password</c> of a command that signs in.</summary>
    public static bool HasOption(ReadOnlySpan<char> text)
    {
        var signsIn = text.Contains("login", StringComparison.OrdinalIgnoreCase) || text.Contains("sshpass", StringComparison.OrdinalIgnoreCase);
        var isUser = false;
        foreach (var range in text.SplitAny(' ', '\t', '\r', '\n'))
        {
            var word = text[range].Trim("\"'");
            if (word.IsEmpty) continue;
            if (isUser && word.Contains(':')) return true;
            isUser = word is "-u" or "--user" or "--proxy-user" or "-U";
            if (word.StartsWith("-u", StringComparison.Ordinal) && word.Contains(':')) return true;
            if (word.StartsWith("--user=", StringComparison.Ordinal) && word.Contains(':')) return true;
            if (word.StartsWith("-p", StringComparison.Ordinal) && (word.Length > 2 || signsIn)) return true;
        }
        return false;
    }

    /// <summary><c>user:password@host</c> without a scheme.</summary>
    public static bool HasUser(ReadOnlySpan<char> text)
    {
        var (inWord, hasColon, hasMore) = (false, false, false);
        foreach (var c in text)
        {
            if (char.IsWhiteSpace(c) || c is '/' or '"' or '\'' or '<' or '>') (inWord, hasColon, hasMore) = (false, false, false);
            else if (c == '@' && hasMore) return true;
            else if (c == ':' && inWord) hasColon = true;
            else (inWord, hasMore) = (true, hasColon);
        }
        return false;
    }
}
