namespace Symbolon.Cel.Patterns;

/// <summary>
/// A regular expression of RE2 (github.com/google/re2/wiki/Syntax), searched for in a text by code points, in time linear in the text.
/// Scripts, single bytes (<c>\C</c>), back references and lookaround are not supported, and refused. Serves many threads.
/// </summary>
internal sealed class CelPattern
{
    /// <summary>In UTF-16 units.</summary>
    public const int MostCharacters = 4096;

    private readonly PatternProgram program;
    private readonly PlainText? plain;
    private readonly Lazy<Alphabet> alphabet;

    /// <summary>Matchers with what they found out, for calls to come.</summary>
    private readonly Matcher?[] idle = new Matcher?[Math.Min(8, Environment.ProcessorCount)];

    private CelPattern(PatternNode pattern)
    {
        program = PatternCompiler.Compile(pattern);
        plain = PlainText.Of(pattern);
        alphabet = new Lazy<Alphabet>(() => new Alphabet([.. program.Sets, .. Neighbours.SetsOf(program.Asserts)]));
    }

    /// <summary>How many instructions its program has, at most 10,000: the cost of a character, at worst, is a multiple of it.</summary>
    public int Size => program.Instructions.Length;

    /// <returns>Null, and the place and the reason, for what is no pattern or is too large.</returns>
    public static CelPattern? Parse(string pattern, out string? fault)
    {
        fault = null;
        try
        {
            if (pattern.Length > MostCharacters) throw new PatternFault(MostCharacters, $"the pattern is longer than {MostCharacters} characters.");
            RefuseHalves(pattern);
            return new CelPattern(PatternParser.Parse(pattern));
        }
        catch (PatternFault found)
        {
            fault = found.In(pattern);
            return null;
        }
    }

    public bool IsMatch(ReadOnlySpan<char> text) => plain is not null ? plain.IsIn(text) : IsMatch(text, out _);

    /// <param name="steps">How many instructions were visited and characters taken, a measure of the time without a clock.</param>
    internal bool IsMatch(ReadOnlySpan<char> text, out long steps)
    {
        var matcher = Rent();
        var before = matcher.Steps;
        var isMatch = matcher.IsMatch(text);
        steps = matcher.Steps - before;
        Return(matcher);
        return isMatch;
    }

    private static void RefuseHalves(string pattern)
    {
        for (var at = 0; at < pattern.Length; at++)
        {
            if (!char.IsSurrogate(pattern[at])) continue;
            if (!char.IsSurrogatePair(pattern, at)) throw new PatternFault(at, "half of a surrogate pair is no character.");
            at++;
        }
    }

    private Matcher Rent()
    {
        for (var i = 0; i < idle.Length; i++)
            if (idle[i] is not null && Interlocked.Exchange(ref idle[i], null) is { } matcher) return matcher;
        return new Matcher(program, alphabet.Value);
    }

    /// <summary>One for whom there is no place is left to the garbage collector.</summary>
    private void Return(Matcher matcher)
    {
        for (var i = 0; i < idle.Length; i++)
            if (idle[i] is null && Interlocked.CompareExchange(ref idle[i], matcher, null) is null) return;
    }
}
