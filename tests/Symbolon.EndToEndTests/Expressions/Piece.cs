namespace Symbolon.EndToEndTests.Expressions;

/// <summary>A part of an expression, and its text with no more parentheses than it needs.</summary>
/// <param name="Head">
/// <c>literal</c>, <c>variable</c>, <c>list</c>, <c>map</c>, <c>select</c>, <c>has</c>, <c>_[_]</c>, <c>_?_:_</c>; an operator (<c>_+_</c>, <c>!_</c>, <c>-_</c>); a function
/// (<c>size()</c>), a method (<c>.size()</c>, its operand first), or a macro (<c>all{}</c>, its range first).
/// </param>
/// <param name="Word">Of a leaf its text, of a selection the name, of a macro its variable.</param>
internal sealed record Piece(Sort Sort, string Head, string Word, params Piece[] Parts)
{
    private const int Choice = 1, Or = 2, And = 3, Relation = 4, Sum = 5, Product = 6, Sign = 7, Member = 8;

    public bool IsMacro => Head.EndsWith("{}", StringComparison.Ordinal);

    /// <summary>The function's or operator's name alone.</summary>
    public string Name => Head.EndsWith("()", StringComparison.Ordinal) ? Head[..^2].TrimStart('.') : Head;

    public int Size => 1 + Parts.Sum(part => part.Size);

    public override string ToString() => Text();

    /// <summary>Names that are variables here and not of a macro within.</summary>
    public IEnumerable<string> Free => Head == "variable" ? [Word] : !IsMacro ? Parts.SelectMany(part => part.Free) : Parts[0].Free.Concat(Parts[1..].SelectMany(part => part.Free).Where(name => name != Word));

    private int Strength => Head switch
    {
        "_?_:_" => Choice,
        "_||_" => Or,
        "_&&_" => And,
        "_<_" or "_<=_" or "_>_" or "_>=_" or "_==_" or "_!=_" or "_in_" => Relation,
        "_+_" or "_-_" => Sum,
        "_*_" or "_/_" or "_%_" => Product,
        "!_" or "-_" => Sign,
        "literal" when Word[0] == '-' => Sign,
        _ => Member,
    };

    private string Text() => Head switch
    {
        "literal" or "variable" => Word,
        "list" => $"[{string.Join(", ", Parts.Select(part => part.Text()))}]",
        "map" => $"{{{string.Join(", ", Parts.Chunk(2).Select(pair => $"{pair[0].Text()}: {pair[1].Text()}"))}}}",
        "select" => $"{Parts[0].Above(Member)}.{Word}",
        "has" => $"has({Parts[0].Above(Member)}.{Word})",
        "_[_]" => $"{Parts[0].Above(Member)}[{Parts[1].Text()}]",
        "_?_:_" => $"{Parts[0].Above(Or)} ? {Parts[1].Above(Or)} : {Parts[2].Text()}",
        "!_" => "!" + Parts[0].Above(Member),
        // Before a number the sign would be the number's.
        "-_" => Parts[0].Head == "literal" ? $"-({Parts[0].Text()})" : "-" + Parts[0].Above(Member),
        _ when IsMacro => $"{Parts[0].Above(Member)}.{Head[..^2]}({string.Join(", ", Parts[1..].Select(part => part.Text()).Prepend(Word))})",
        _ when Head[0] == '.' => $"{Parts[0].Above(Member)}.{Name}({string.Join(", ", Parts[1..].Select(part => part.Text()))})",
        _ when Head.EndsWith("()", StringComparison.Ordinal) => $"{Name}({string.Join(", ", Parts.Select(part => part.Text()))})",
        _ => $"{Parts[0].Above(Strength)} {Head.Trim('_')} {Parts[1].Above(Strength + 1)}",
    };

    private string Above(int strength) => Strength < strength ? $"({Text()})" : Text();
}
