namespace Symbolon.Cel.Patterns;

/// <summary>The flags of RE2 but <c>U</c>: it says which of several matches is taken, and here one is as good as another.</summary>
[Flags]
internal enum PatternFlags
{
    None = 0,
    IgnoreCase = 1,
    MultiLine = 2,
    DotAll = 4,
}

/// <summary>Reads what a group begins with: its name or its flags.</summary>
internal sealed class GroupHead(PatternReader reader)
{
    private readonly HashSet<string> names = new(StringComparer.Ordinal);

    /// <summary>Takes a head, from the bracket on.</summary>
    /// <param name="flags">Those of what follows: of the group, or of the rest of the one around it.</param>
    /// <returns>True where a group is open now, false where <c>(?i)</c> only changed the flags.</returns>
    public bool Take(ref PatternFlags flags)
    {
        var start = reader.At;
        reader.Take('(');
        if (!reader.Take('?')) return true;
        if (ReasonAgainst() is { } reason) throw new PatternFault(start, reason);
        if (!reader.Take("P<") && !reader.Take('<')) return TakeFlags(start, ref flags);
        TakeName(start);
        return true;
    }

    private string? ReasonAgainst() => reader.Ahead() switch
    {
        '=' or '!' => "lookahead is not supported.",
        '<' when reader.Ahead(1) is '=' or '!' => "lookbehind is not supported.",
        '>' => "atomic groups are not supported.",
        '#' => "comments are not supported.",
        '(' => "conditions are not supported.",
        '|' => "branch resets are not supported.",
        '&' or 'R' or '+' or (>= '0' and <= '9') => "calls of groups are not supported.",
        'P' when reader.Ahead(1) == '=' => "back references are not supported.",
        'P' when reader.Ahead(1) == '>' => "calls of groups are not supported.",
        'P' when reader.Ahead(1) != '<' => "after '(?P' comes '<', a name and '>'.",
        '\'' => "a group is named by '(?P<name>' or '(?<name>'.",
        _ => null,
    };

    private void TakeName(int start)
    {
        var name = reader.TakeUntil(">");
        if (string.IsNullOrEmpty(name) || !name.All(unit => char.IsAsciiLetterOrDigit(unit) || unit == '_'))
            throw new PatternFault(start, "the name of a group has ASCII letters, digits and '_', and ends with '>'.");
        if (!names.Add(name)) throw new PatternFault(start, "another group has this name already.");
    }

    private bool TakeFlags(int start, ref PatternFlags flags)
    {
        var (changed, isOff, isAny) = (flags, false, false);
        while (true)
        {
            if (reader.IsAtEnd) throw new PatternFault(start, "a group has no ')'.");
            var letter = reader.TakePoint();
            if (letter == '-' && !isOff) (isOff, isAny) = (true, false);
            else if (letter is ':' or ')' && (isAny || !isOff))
            {
                flags = changed;
                return letter == ':';
            }
            else
            {
                if (letter is not ('i' or 'm' or 's' or 'U')) throw new PatternFault(start, $"'{reader.Since(start)}' begins no group: flags are i, m, s and U, those after one '-' are off.");
                isAny = true;
                var flag = letter switch { 'i' => PatternFlags.IgnoreCase, 'm' => PatternFlags.MultiLine, 's' => PatternFlags.DotAll, _ => PatternFlags.None };
                changed = isOff ? changed & ~flag : changed | flag;
            }
        }
    }
}
