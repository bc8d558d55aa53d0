using System.Text;

namespace Symbolon.Core.Tools.Schemas.Patterns;

/// <summary>
/// A regular expression of ECMA-262 in Unicode mode, as JSON Schema's <c>pattern</c> asks (Core §6.4), that an automaton of our own decides: characters are
/// code points, each of them costs at most one visit to each state, and that cost is counted. The framework's linear-time engine works on UTF-16 units, has
/// another \b, and is bounded by a clock alone, by which a busy machine would refuse what it allowed before.
/// </summary>
internal sealed class Pattern
{
    /// <summary>UTF-16 units of the text.</summary>
    public const int MostLength = 1_000;

    private readonly PatternState[] states;

    private Pattern(string text, PatternState[] states) => (Text, this.states) = (text, states);

    public string Text { get; }

    /// <param name="fault">Why it is not taken, as the end of a sentence.</param>
    public static Pattern? Parse(string text, out string? fault)
    {
        fault = text.Length > MostLength ? $"is longer than {MostLength} characters" : null;
        if (fault is not null) return null;
        try
        {
            return new Pattern(text, PatternProgram.Of(new PatternReader(text).Read()));
        }
        catch (PatternFaultException wrong)
        {
            fault = wrong.Message;
            return null;
        }
    }

    /// <summary>Whether it matches anywhere in the text.</summary>
    /// <param name="utf8">Valid UTF-8.</param>
    /// <param name="work">What visits to states may cost; below zero once it was not enough, and then the answer is false.</param>
    public bool Matches(ReadOnlySpan<byte> utf8, ref long work)
    {
        const int usual = 128;
        Span<int> room = states.Length <= usual ? stackalloc int[4 * usual] : new int[4 * states.Length];
        return new PatternRun(states, room).Matches(utf8, ref work);
    }

    public bool Matches(string text)
    {
        var work = long.MaxValue;
        return Matches(Encoding.UTF8.GetBytes(text), ref work);
    }
}
