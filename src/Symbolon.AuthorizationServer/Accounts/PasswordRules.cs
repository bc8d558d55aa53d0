using System.Collections.Frozen;
using System.Text;
using Symbolon.Core.Identity;

namespace Symbolon.AuthorizationServer.Accounts;

/// <summary>
/// What a password may be: long, and not what everybody tries first. No rule about kinds of characters, and none that ends it after some
/// months (NIST SP 800-63B §5.1.1.2).
/// </summary>
public static class PasswordRules
{
    public const int Least = 12;
    public const int Most = 128;

    /// <summary>So many characters must be left without the words that anybody knows.</summary>
    private const int LeastOfItsOwn = 8;

    /// <summary>A password that is one short piece over and over is only as long as the piece.</summary>
    private const int LongestPiece = 4;

    private const int ShortestWord = 3;

    /// <summary>The commonest ones of twelve characters and more; shorter ones are refused for that.</summary>
    private static readonly FrozenSet<string> Common = ((string[])
    [
        "123456789012", "1234567890123", "12345678901234", "123456789123", "1234567890qwerty", "0123456789ab", "0987654321098", "1q2w3e4r5t6y", "1q2w3e4r5t6y7u", "1qaz2wsx3edc", "1qaz2wsx3edc4rfv",
        "1qazxsw23edc", "abc123abc123", "abcd1234abcd", "abcdefghijkl", "abcdefghijklm", "abcdefghijklmnopqrstuvwxyz", "adminadminadmin", "administrator", "administrator1", "asdfghjkl123", "asdfghjklqwe",
        "changeme1234", "changemechangeme", "changemeplease", "charlie12345", "computer1234", "correcthorsebatterystaple", "football1234", "iloveyou1234", "iloveyouforever", "letmein12345", "letmeinletmein",
        "letmeinplease", "liverpool123", "manchester123", "master123456", "michael12345", "monkey123456", "mypassword12", "mypassword123", "p@ssw0rd1234", "p@ssw0rd12345", "p@ssword1234", "passw0rd1234",
        "password1234", "password12345", "password123456", "password1234567", "password12345678", "password123456789", "passwordpassword", "princess1234", "q1w2e3r4t5y6", "qazwsxedcrfv", "qazwsxedcrfvtgb",
        "qwerty123456", "qwerty1234567", "qwerty12345678", "qwertyqwerty", "qwertyuiop12", "qwertyuiop123", "qwertyuiop[]", "qwertyuiopas", "qwertyuiopasdfghjkl", "secret123456", "starwars1234", "sunshine1234",
        "superman1234", "thequickbrownfox", "trustno1trustno1", "unbelievable", "welcome12345", "welcome123456", "welcomewelcome", "zaq12wsxcde3", "zxcvbnm12345", "zxcvbnmasdfg",
    ]).ToFrozenSet(StringComparer.Ordinal);

    /// <param name="name">Of the person; null where nobody said it.</param>
    /// <returns>What is wrong with it, as a sentence; null for nothing. Never the password itself.</returns>
    public static string? FaultOf(string password, UserEmail email, string? name)
    {
        if (!IsWellFormed(password) || password.Any(char.IsControl)) return "A password may have any characters but control characters.";
        var length = password.EnumerateRunes().Count();
        if (length < Least) return $"A password needs at least {Least} characters; this has {length}. Four or five words that do not belong together are easy to keep in mind.";
        if (length > Most) return $"A password may have at most {Most} characters; this has {length}.";
        var folded = PasswordText.Normal(password).ToLowerInvariant();
        if (Common.Contains(folded) || IsOnePiece(folded)) return "This is one of the passwords that are tried first. Take another.";
        var own = KnownWords(email, name).Aggregate(folded, (left, word) => left.Replace(word, "", StringComparison.Ordinal));
        return own.EnumerateRunes().Count() < LeastOfItsOwn ? "Without the e-mail address, the name and the name of this product, too little of this password is left. Take another." : null;
    }

    /// <summary>Whether it can be stored and compared: no half of a surrogate pair.</summary>
    internal static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length;)
        {
            if (!Rune.TryGetRuneAt(text, i, out var rune)) return false;
            i += rune.Utf16SequenceLength;
        }
        return true;
    }

    private static bool IsOnePiece(string folded) => Enumerable.Range(1, LongestPiece).Any(piece => !folded.Where((letter, i) => letter != folded[i % piece]).Any());

    private static IEnumerable<string> KnownWords(UserEmail email, string? name)
    {
        var parts = email.Value.Split('@');
        return ((string[])[email.Value, .. parts, .. parts[1].Split('.'), .. parts[0].Split('.', '-', '_', '+'), .. (name ?? "").ToLowerInvariant().Split(' '), "symbolon", "password"])
            .Where(word => word.Length >= ShortestWord).OrderByDescending(word => word.Length);
    }
}
