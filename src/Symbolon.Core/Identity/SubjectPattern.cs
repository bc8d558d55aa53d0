namespace Symbolon.Core.Identity;

/// <summary>Subjects of a foreign issuer: a text, in which <c>*</c> stands for any run of characters, none and all separators included. Compared ordinally.</summary>
/// <param name="Text">In the form of <see cref="Rule"/>.</param>
public readonly record struct SubjectPattern(string Text)
{
    /// <summary>Characters.</summary>
    public const int MostLength = 512;

    public const string Rule = "1 to 512 printable ASCII characters, in which * stands for any run of characters; not of * alone, which would let everybody in whom the issuer knows";

    public static bool IsValid(string text) => text.Length is > 0 and <= MostLength && text.All(c => c is >= ' ' and <= '~') && text.Any(c => c != '*');

    public bool Matches(string subject)
    {
        var (at, from, star, kept) = (0, 0, -1, 0);
        while (from < subject.Length)
        {
            if (at < Text.Length && Text[at] == '*') (star, kept) = (at++, from);
            else if (at < Text.Length && Text[at] == subject[from]) (at, from) = (at + 1, from + 1);
            else if (star >= 0) (at, from) = (star + 1, ++kept);
            else return false;
        }
        while (at < Text.Length && Text[at] == '*') at++;
        return at == Text.Length;
    }

    /// <summary>Whether any subject matches both.</summary>
    public bool Overlaps(SubjectPattern other)
    {
        // Whether what is left of both, from here on, has a subject in common; one row for each place in this one.
        var below = new bool[other.Text.Length + 1];
        for (var i = Text.Length; i >= 0; i--)
        {
            var row = new bool[other.Text.Length + 1];
            for (var j = other.Text.Length; j >= 0; j--)
            {
                var (mine, theirs) = (i < Text.Length ? Text[i] : '\0', j < other.Text.Length ? other.Text[j] : '\0');
                row[j] = (mine, theirs) switch
                {
                    ('\0', '\0') => true,
                    ('*', _) => below[j] || (theirs != '\0' && row[j + 1]),
                    (_, '*') => row[j + 1] || (mine != '\0' && below[j]),
                    _ => mine == theirs && below[j + 1],
                };
            }
            below = row;
        }
        return below[0];
    }

    public override string ToString() => Text;
}
