namespace Symbolon.Core.Tools.Schemas.Patterns;

internal enum PatternStep : byte
{
    /// <summary>Takes one character and goes on with the next step.</summary>
    One,

    /// <summary>Goes on with the next step if this is such a place.</summary>
    Place,

    /// <summary>Goes on with the next step and with another.</summary>
    Fork,

    /// <summary>Goes on with another step.</summary>
    Jump,
    Match,
}

/// <summary>One state of the automaton.</summary>
internal readonly record struct PatternState(PatternStep Step, int Target = 0, CodePoints? Set = null, bool IsNegated = false, PatternPlace Place = default);

/// <summary>Writes a pattern out as a non-deterministic automaton (Thompson): counts become copies, so the number of states bounds what each character can cost.</summary>
internal sealed class PatternProgram
{
    private const int MostStates = 1_000;

    /// <summary>Also counts what writes no state, as <c>(){1000}</c> does.</summary>
    private const int MostParts = 20_000;

    private readonly List<PatternState> states = [];
    private int parts;

    /// <exception cref="PatternFaultException"/>
    public static PatternState[] Of(PatternNode pattern)
    {
        var program = new PatternProgram();
        program.Write(pattern);
        program.states.Add(new PatternState(PatternStep.Match));
        Check(program.states.Count <= MostStates);
        return [.. program.states];
    }

    private void Write(PatternNode node)
    {
        Check(++parts <= MostParts && states.Count <= MostStates);
        switch (node)
        {
            case PatternNode.One one: states.Add(new PatternState(PatternStep.One, Set: one.Set, IsNegated: one.IsNegated)); break;
            case PatternNode.Place place: states.Add(new PatternState(PatternStep.Place, Place: place.Kind)); break;
            case PatternNode.Sequence sequence:
                foreach (var part in sequence.Parts) Write(part);
                break;
            case PatternNode.Choice choice: WriteChoice(choice); break;
            case PatternNode.Repeat repeat: WriteRepeat(repeat); break;
            default: throw new ArgumentException($"Unknown part {node.GetType()}", nameof(node));
        }
    }

    private void WriteChoice(PatternNode.Choice choice)
    {
        var ends = new List<int>();
        for (var i = 0; i < choice.Branches.Count; i++)
        {
            if (i == choice.Branches.Count - 1)
            {
                Write(choice.Branches[i]);
                break;
            }
            var fork = Reserve();
            Write(choice.Branches[i]);
            ends.Add(Reserve());
            states[fork] = new PatternState(PatternStep.Fork, states.Count);
        }
        foreach (var end in ends) states[end] = new PatternState(PatternStep.Jump, states.Count);
    }

    private void WriteRepeat(PatternNode.Repeat repeat)
    {
        for (var i = 0; i < repeat.Least; i++) Write(repeat.Part);
        if (repeat.Most is null)
        {
            var fork = Reserve();
            Write(repeat.Part);
            states.Add(new PatternState(PatternStep.Jump, fork));
            states[fork] = new PatternState(PatternStep.Fork, states.Count);
            return;
        }
        var forks = new List<int>();
        for (var i = repeat.Least; i < repeat.Most; i++)
        {
            forks.Add(Reserve());
            Write(repeat.Part);
        }
        foreach (var fork in forks) states[fork] = new PatternState(PatternStep.Fork, states.Count);
    }

    private static void Check(bool isWithinBounds)
    {
        if (!isWithinBounds) throw new PatternFaultException($"would need an automaton of more than {MostStates} states");
    }

    private int Reserve()
    {
        states.Add(default);
        return states.Count - 1;
    }
}
