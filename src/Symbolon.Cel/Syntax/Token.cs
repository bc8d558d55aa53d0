namespace Symbolon.Cel.Syntax;

internal enum TokenKind : byte
{
    End,
    Identifier,

    /// <summary>An identifier between back quotes: a member's name.</summary>
    Quoted,
    Int,
    Uint,
    Double,
    String,
    Bytes,

    /// <summary>Punctuation, an operator, or one of the words <c>in</c>, <c>true</c>, <c>false</c>, <c>null</c>.</summary>
    Symbol,
}

/// <param name="Text">Of a literal its decoded value where it is a string; else as written.</param>
internal readonly record struct Token(TokenKind Kind, int At, string Text, byte[]? Octets = null)
{
    public bool Is(string symbol) => Kind == TokenKind.Symbol && Text == symbol;
}
