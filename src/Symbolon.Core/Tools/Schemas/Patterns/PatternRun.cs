using System.Buffers;
using System.Text;

namespace Symbolon.Core.Tools.Schemas.Patterns;

/// <summary>One pass of an automaton over one text: all states that can be reached are kept at once, so that nothing is ever tried twice.</summary>
/// <param name="room">Four numbers for each state, zero.</param>
internal ref struct PatternRun(ReadOnlySpan<PatternState> states, Span<int> room)
{
    private readonly ReadOnlySpan<PatternState> states = states;
    private readonly Span<int> takers = room[..states.Length];
    private readonly Span<int> reached = room.Slice(states.Length, states.Length);
    private readonly Span<int> waiting = room.Slice(2 * states.Length, states.Length);

    /// <summary>The number of the place at which a state was visited last.</summary>
    private readonly Span<int> visited = room.Slice(3 * states.Length, states.Length);
    private int takerCount, reachedCount, place;

    public bool Matches(ReadOnlySpan<byte> utf8, ref long work)
    {
        Rune? before = null;
        while (true)
        {
            Rune? after = Rune.DecodeFromUtf8(utf8, out var rune, out var length) == OperationStatus.Done ? rune : null;
            place++;
            takerCount = 0;
            // A match may begin at every place.
            if (Visit(0, before, after, ref work)) return true;
            for (var i = 0; i < reachedCount; i++)
                if (Visit(reached[i], before, after, ref work)) return true;
            if (after is null || work < 0 || (takerCount == 0 && states[0] is { Step: PatternStep.Place, Place: PatternPlace.Start })) return false;
            Take(rune, ref work);
            utf8 = utf8[length..];
            before = after;
        }
    }

    /// <summary>Goes to a state, and on from it as far as no character has to be taken.</summary>
    /// <returns>True when the pattern has matched.</returns>
    private bool Visit(int state, Rune? before, Rune? after, ref long work)
    {
        var count = 0;
        Add(state, ref count);
        while (count > 0)
        {
            work--;
            state = waiting[--count];
            ref readonly var at = ref states[state];
            switch (at.Step)
            {
                case PatternStep.One: takers[takerCount++] = state; break;
                case PatternStep.Match: return true;
                case PatternStep.Jump: Add(at.Target, ref count); break;
                case PatternStep.Fork:
                    Add(at.Target, ref count);
                    Add(state + 1, ref count);
                    break;
                case PatternStep.Place:
                    if (IsAt(at.Place, before, after)) Add(state + 1, ref count);
                    break;
            }
        }
        return false;
    }

    private readonly void Add(int state, ref int count)
    {
        if (visited[state] == place) return;
        visited[state] = place;
        waiting[count++] = state;
    }

    private void Take(Rune rune, ref long work)
    {
        reachedCount = 0;
        work -= takerCount;
        foreach (var state in takers[..takerCount])
        {
            ref readonly var at = ref states[state];
            if (at.Set!.Contains(rune) != at.IsNegated) reached[reachedCount++] = state + 1;
        }
    }

    private static bool IsAt(PatternPlace place, Rune? before, Rune? after) => place switch
    {
        PatternPlace.Start => before is null,
        PatternPlace.End => after is null,
        _ => (IsWord(before) != IsWord(after)) == (place == PatternPlace.WordEdge),
    };

    private static bool IsWord(Rune? rune) => rune is { IsAscii: true, Value: var value } && (char.IsAsciiLetterOrDigit((char)value) || value == '_');
}
