using System.Buffers;

namespace Symbolon.Cel.Syntax;

/// <summary>Cuts an expression into tokens. langdef.md, Syntax.</summary>
internal sealed class Lexer(string text)
{
    private static readonly SearchValues<char> Word = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
    private static readonly SearchValues<char> QuotedWord = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-/ ");
    private static readonly string[] Operators = ["==", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "+", "-", "*", "/", "%", "?", ":", ".", ",", "(", ")", "[", "]", "{", "}"];

    private int at;

    public List<Token> ReadAll()
    {
        var tokens = new List<Token>();
        do tokens.Add(Next()); while (tokens[^1].Kind != TokenKind.End);
        return tokens;
    }

    private Token Next()
    {
        SkipBlanks();
        if (at == text.Length) return new Token(TokenKind.End, at, "the end");
        var c = text[at];
        if (StringPrefix() is var prefix and >= 0) return ReadString(prefix);
        if (char.IsAsciiLetter(c) || c == '_') return ReadWord();
        if (char.IsAsciiDigit(c) || (c == '.' && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1]))) return ReadNumber();
        if (c == '`') return ReadQuoted();
        foreach (var symbol in Operators)
            if (string.CompareOrdinal(text, at, symbol, 0, symbol.Length) == 0) return Symbol(symbol);
        throw SyntaxFault.Of(at, $"'{c}' has no meaning here.");
    }

    private Token Symbol(string symbol)
    {
        at += symbol.Length;
        return new Token(TokenKind.Symbol, at - symbol.Length, symbol);
    }

    private void SkipBlanks()
    {
        while (at < text.Length)
        {
            if (text[at] is ' ' or '\t' or '\n' or '\r' or '\f') at++;
            else if (text[at] == '/' && at + 1 < text.Length && text[at + 1] == '/') at = text.IndexOf('\n', at) is var end and >= 0 ? end : text.Length;
            else return;
        }
    }

    private Token ReadWord()
    {
        var start = at;
        var length = text.AsSpan(at).IndexOfAnyExcept(Word);
        at = length < 0 ? text.Length : at + length;
        var word = text[start..at];
        return new Token(word is "in" or "true" or "false" or "null" ? TokenKind.Symbol : TokenKind.Identifier, start, word);
    }

    private Token ReadQuoted()
    {
        var start = at++;
        var end = text.IndexOf('`', at);
        if (end <= at || text.AsSpan(at, end - at).ContainsAnyExcept(QuotedWord))
            throw SyntaxFault.Of(start, "A name between back quotes has letters, digits, '_', '.', '-', '/' and blanks.");
        at = end + 1;
        return new Token(TokenKind.Quoted, start, text[(start + 1)..end]);
    }

    private Token ReadNumber()
    {
        var start = at;
        var kind = TokenKind.Int;
        if (text[at] == '0' && at + 1 < text.Length && text[at + 1] == 'x')
        {
            at += 2;
            if (Digits(char.IsAsciiHexDigit) == 0) throw SyntaxFault.Of(start, "A number in hexadecimal has digits.");
        }
        else
        {
            Digits(char.IsAsciiDigit);
            if (at + 1 < text.Length && text[at] == '.' && char.IsAsciiDigit(text[at + 1]))
            {
                kind = TokenKind.Double;
                at++;
                Digits(char.IsAsciiDigit);
            }
            if (at < text.Length && text[at] is 'e' or 'E')
            {
                kind = TokenKind.Double;
                at++;
                if (at < text.Length && text[at] is '+' or '-') at++;
                if (Digits(char.IsAsciiDigit) == 0) throw SyntaxFault.Of(start, "An exponent has digits.");
            }
        }
        var end = at;
        if (kind == TokenKind.Int && at < text.Length && text[at] is 'u' or 'U')
        {
            kind = TokenKind.Uint;
            at++;
        }
        if (at < text.Length && Word.Contains(text[at])) throw SyntaxFault.Of(start, "A number is followed by something that does not belong to it.");
        return new Token(kind, start, text[start..end]);
    }

    private int Digits(Func<char, bool> isDigit)
    {
        var start = at;
        while (at < text.Length && isDigit(text[at])) at++;
        return at - start;
    }

    /// <returns>How many letters stand before the quotation mark of a string; -1 where there is none.</returns>
    private int StringPrefix()
    {
        for (var length = 0; length <= 2 && at + length < text.Length; length++)
        {
            var c = text[at + length];
            if (c is '"' or '\'') return length;
            // Of two letters the first makes it bytes and the second raw; the grammar knows no rb'...'.
            if (c is not ('r' or 'R') && (c is not ('b' or 'B') || length > 0)) return -1;
            if (length == 1 && text[at] is not ('b' or 'B')) return -1;
        }
        return -1;
    }

    private Token ReadString(int prefix)
    {
        var start = at;
        var letters = text.Substring(at, prefix).ToLowerInvariant();
        at += prefix;
        var quote = text[at].ToString();
        var isLong = string.CompareOrdinal(text, at, quote + quote + quote, 0, 3) == 0;
        var close = isLong ? quote + quote + quote : quote;
        at += close.Length;
        var inside = at;
        while (string.CompareOrdinal(text, at, close, 0, close.Length) != 0)
        {
            if (at >= text.Length || (!isLong && text[at] is '\n' or '\r')) throw SyntaxFault.Of(start, "A string does not end.");
            // What a backslash escapes ends no string, in a raw one neither it nor what follows is changed.
            at += text[at] == '\\' && !letters.Contains('r') && at + 1 < text.Length ? 2 : 1;
        }
        var literal = new LiteralText(text, inside, Math.Min(at, text.Length));
        at += close.Length;
        return letters.Contains('b')
            ? new Token(TokenKind.Bytes, start, "bytes", literal.ToBytes(isRaw: letters.Contains('r')))
            : new Token(TokenKind.String, start, literal.ToText(isRaw: letters.Contains('r')));
    }
}
