namespace Symbolon.Cel.Patterns;

/// <summary>
/// Runs a program over a text, all its ways at once (Pike), and keeps what it found out as the states of an automaton (DFA), made when they are met.
/// A character that is met in a state for the first time visits each instruction at most twice, any other is a look into a table.
/// Serves one call at a time.
/// </summary>
internal sealed class Matcher
{
    private const int Unknown = 0;
    private const int Matched = 1;
    private const int Lost = 2;

    /// <summary>Of the table and the states, in units of 4 bytes: more is forgotten, and found out again.</summary>
    private const int MostKept = 1 << 16;

    private readonly PatternProgram program;
    private readonly Alphabet alphabet;
    private readonly Neighbours neighbours;
    private readonly Frontier frontier;
    private readonly Dictionary<string, int> numbers = [];
    private readonly List<string> states = [];
    private readonly int width;
    private readonly char[] key;
    private readonly char[] taken;
    private readonly bool isAnchored;
    private int[] table = [];
    private int kept;
    private long characters;

    public Matcher(PatternProgram program, Alphabet alphabet)
    {
        (this.program, this.alphabet) = (program, alphabet);
        neighbours = new Neighbours(program.Asserts);
        frontier = new Frontier(program.Instructions);
        width = alphabet.Count + 1;
        key = new char[program.Instructions.Length + 1];
        taken = new char[program.Instructions.Length];
        frontier.Clear();
        frontier.Follow(0, ~Assertion.BeginText);
        isAnchored = frontier.Found.IsEmpty && !frontier.HasMatch;
        Forget();
    }

    /// <summary>How many instructions were visited and characters taken, of all calls.</summary>
    public long Steps => frontier.Steps + characters;

    public bool IsMatch(ReadOnlySpan<char> text)
    {
        var ascii = alphabet.OfAscii;
        var state = Start();
        for (var at = 0; at < text.Length && state > Lost; at++)
        {
            int point = text[at];
            if (char.IsHighSurrogate((char)point) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1])) point = char.ConvertToUtf32((char)point, text[++at]);
            var symbol = point < ascii.Length ? ascii[point] : alphabet.Of(point);
            characters++;
            var next = table[state * width + symbol];
            state = next != Unknown ? next : Next(state, symbol);
        }
        if (state <= Lost) return state == Matched;
        var end = table[state * width + alphabet.Count];
        return (end != Unknown ? end : Next(state, alphabet.Count)) == Matched;
    }

    private int Start()
    {
        frontier.Clear();
        frontier.Follow(0, null);
        return Number(neighbours.AtBegin);
    }

    /// <param name="symbol">The number of symbols for the end of the text.</param>
    private int Next(int state, int symbol)
    {
        var from = states[state];
        var example = symbol < alphabet.Count ? alphabet.Example(symbol) : -1;
        var holds = neighbours.Holding(from[0], example);
        frontier.Clear();
        foreach (var at in from.AsSpan(1)) frontier.Follow(at, holds);
        var next = frontier.HasMatch ? Matched : symbol == alphabet.Count ? Lost : Take(example);
        // To be forgotten on the way was the state that this one follows too.
        if (state < states.Count && ReferenceEquals(states[state], from)) table[state * width + symbol] = next;
        return next;
    }

    private int Take(int point)
    {
        var count = 0;
        foreach (var at in frontier.Found)
            if (program.Sets[program.Instructions[at].Other].Contains(point)) taken[count++] = at;
        frontier.Clear();
        foreach (var at in taken.AsSpan(0, count)) frontier.Follow(program.Instructions[at].Next, null);
        // A search: a match may begin at each place.
        if (!isAnchored) frontier.Follow(0, null);
        return Number(neighbours.After(point));
    }

    /// <summary>The state in which the frontier is what it is now.</summary>
    private int Number(char before)
    {
        if (frontier.HasMatch) return Matched;
        var found = frontier.Found;
        if (found.IsEmpty) return Lost;
        // Order makes no difference but to what is the same state; to sort a large one costs more than to find it out.
        if (found.Length <= 128) found.Sort();
        key[0] = before;
        found.CopyTo(key.AsSpan(1));
        var name = key.AsSpan(0, found.Length + 1);
        var known = numbers.GetAlternateLookup<ReadOnlySpan<char>>();
        if (known.TryGetValue(name, out var number)) return number;
        if (kept > MostKept) Forget();
        kept += width + name.Length / 2;
        number = states.Count;
        states.Add(name.ToString());
        numbers.Add(states[number], number);
        if (table.Length < states.Count * width) Array.Resize(ref table, Math.Max(2 * table.Length, states.Count * width));
        table.AsSpan(number * width, width).Clear();
        return number;
    }

    private void Forget()
    {
        numbers.Clear();
        states.Clear();
        // The numbers of what is no state.
        for (var reserved = 0; reserved <= Lost; reserved++) states.Add("");
        kept = 0;
    }
}
