namespace Symbolon.Cel.Patterns;

/// <summary>The instructions that a match may stand at, found without taking a character. Each is visited once a place.</summary>
internal sealed class Frontier(Instruction[] instructions)
{
    private readonly int[] visited = new int[instructions.Length];
    private readonly int[] open = new int[instructions.Length];
    private readonly char[] found = new char[instructions.Length];
    private int round;
    private int count;

    /// <summary>How many instructions were visited, of all calls.</summary>
    public long Steps { get; private set; }

    public bool HasMatch { get; private set; }

    /// <summary>Those that take a character, and assertions that nothing is known about yet.</summary>
    public Span<char> Found => found.AsSpan(0, count);

    public void Clear()
    {
        (count, HasMatch) = (0, false);
        if (++round != int.MaxValue) return;
        Array.Clear(visited);
        round = 1;
    }

    /// <param name="holds">Assertions that hold at this place; null where what follows is not known, so that they have to wait.</param>
    public void Follow(int from, Assertion? holds)
    {
        var waiting = 0;
        Visit(from, ref waiting);
        while (waiting > 0)
        {
            var at = open[--waiting];
            var instruction = instructions[at];
            switch (instruction.Operation)
            {
                case Operation.Assert when holds is { } known:
                    if (known.HasFlag((Assertion)instruction.Other)) Visit(instruction.Next, ref waiting);
                    break;
                case Operation.One or Operation.Assert:
                    found[count++] = (char)at;
                    break;
                case Operation.Split:
                    Visit(instruction.Next, ref waiting);
                    Visit(instruction.Other, ref waiting);
                    break;
                case Operation.Jump:
                    Visit(instruction.Next, ref waiting);
                    break;
                case Operation.Match:
                    HasMatch = true;
                    break;
            }
        }
    }

    private void Visit(int at, ref int waiting)
    {
        Steps++;
        if (visited[at] == round) return;
        visited[at] = round;
        open[waiting++] = at;
    }
}
