namespace Symbolon.Core.Tools.Schemas.Patterns;

/// <summary>A part of a regular expression as it is written.</summary>
internal abstract record PatternNode
{
    private PatternNode() { }

    /// <summary>One character of a set, or one outside it.</summary>
    public sealed record One(CodePoints Set, bool IsNegated = false) : PatternNode;

    public sealed record Place(PatternPlace Kind) : PatternNode;

    public sealed record Sequence(IReadOnlyList<PatternNode> Parts) : PatternNode;

    public sealed record Choice(IReadOnlyList<PatternNode> Branches) : PatternNode;

    /// <param name="Most">Null for any number.</param>
    public sealed record Repeat(PatternNode Part, int Least, int? Most) : PatternNode;
}

/// <summary>A place between characters that a pattern asks for.</summary>
internal enum PatternPlace : byte
{
    Start,
    End,
    WordEdge,
    NoWordEdge,
}
