namespace Symbolon.Cel.Patterns;

internal enum Operation : byte
{
    /// <summary>Takes a character of a set (<c>Other</c> is its index).</summary>
    One,

    /// <summary>Goes on where the assertion (<c>Other</c>) holds.</summary>
    Assert,

    /// <summary>Goes on in two places.</summary>
    Split,
    Jump,
    Match,
}

internal readonly record struct Instruction(Operation Operation, int Next, int Other = 0);

/// <summary>A pattern as an automaton (Thompson): it begins at instruction 0.</summary>
/// <param name="Asserts">All assertions that it makes.</param>
internal sealed record PatternProgram(Instruction[] Instructions, CodeSet[] Sets, Assertion Asserts);

/// <summary>Writes the program of a pattern; counted repetitions are written out.</summary>
internal sealed class PatternCompiler
{
    /// <summary>So that a character costs at most so much, and the number of an instruction fits into a UTF-16 unit.</summary>
    public const int MostInstructions = 10_000;

    private readonly List<Instruction> instructions = [];
    private readonly Dictionary<CodeSet, int> sets = [];
    private Assertion asserts;

    private PatternCompiler() { }

    /// <exception cref="PatternFault">It would be too large.</exception>
    public static PatternProgram Compile(PatternNode pattern)
    {
        var compiler = new PatternCompiler();
        compiler.Write(pattern);
        compiler.Add(pattern, Operation.Match);
        return new PatternProgram([.. compiler.instructions], [.. compiler.sets.OrderBy(set => set.Value).Select(set => set.Key)], compiler.asserts);
    }

    private int Here => instructions.Count;

    private int Add(PatternNode node, Operation operation, int other = 0)
    {
        if (Here == MostInstructions) throw new PatternFault(node.At, $"the pattern is too large: from here on it has more than {MostInstructions} instructions.");
        instructions.Add(new Instruction(operation, Here + 1, other));
        return Here - 1;
    }

    private void Write(PatternNode node)
    {
        switch (node)
        {
            case PatternNode.One one:
                if (!sets.TryGetValue(one.Set, out var index)) sets.Add(one.Set, index = sets.Count);
                Add(node, Operation.One, index);
                break;
            case PatternNode.Assert assert:
                asserts |= assert.Assertion;
                Add(node, Operation.Assert, (int)assert.Assertion);
                break;
            case PatternNode.Sequence sequence:
                foreach (var item in sequence.Items) Write(item);
                break;
            case PatternNode.Choice choice:
                WriteChoice(choice);
                break;
            case PatternNode.Repeat repeat:
                WriteRepeat(repeat);
                break;
        }
    }

    private void WriteChoice(PatternNode.Choice choice)
    {
        var ends = new List<int>();
        for (var i = 0; i < choice.Branches.Count - 1; i++)
        {
            var split = Add(choice, Operation.Split);
            Write(choice.Branches[i]);
            ends.Add(Add(choice, Operation.Jump));
            instructions[split] = instructions[split] with { Other = Here };
        }
        Write(choice.Branches[^1]);
        foreach (var end in ends) instructions[end] = instructions[end] with { Next = Here };
    }

    private void WriteRepeat(PatternNode.Repeat repeat)
    {
        for (var i = repeat.Most < 0 ? 1 : 0; i < repeat.Least; i++) Write(repeat.Body);
        if (repeat.Most < 0)
        {
            WriteLoop(repeat);
            return;
        }
        var skips = new List<int>();
        for (var i = repeat.Least; i < repeat.Most; i++)
        {
            skips.Add(Add(repeat, Operation.Split));
            Write(repeat.Body);
        }
        foreach (var skip in skips) instructions[skip] = instructions[skip] with { Other = Here };
    }

    private void WriteLoop(PatternNode.Repeat repeat)
    {
        if (repeat.Least > 0)
        {
            var body = Here;
            Write(repeat.Body);
            Add(repeat, Operation.Split, body);
            return;
        }
        var split = Add(repeat, Operation.Split);
        Write(repeat.Body);
        var jump = Add(repeat, Operation.Jump);
        instructions[jump] = instructions[jump] with { Next = split };
        instructions[split] = instructions[split] with { Other = Here };
    }
}
