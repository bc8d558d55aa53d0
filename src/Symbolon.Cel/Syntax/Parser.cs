using System.Globalization;
using Symbolon.Cel.Values;

namespace Symbolon.Cel.Syntax;

/// <summary>Reads an expression by recursive descent, expanding macros in passing. langdef.md, Syntax.</summary>
internal sealed class Parser
{
    private static readonly string[] Relations = ["<", "<=", ">=", ">", "==", "!=", "in"];
    private static readonly string[] Additive = ["+", "-"];
    private static readonly string[] Multiplicative = ["*", "/", "%"];

    private static readonly HashSet<string> Reserved =
    [
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace", "return", "var", "void", "while",
    ];

    private readonly List<Token> tokens;
    private readonly CelLimits limits;
    private readonly Macros? macros;
    private int next;
    private int depth;
    private int nodes;

    private Parser(List<Token> tokens, CelLimits limits, bool withMacros)
    {
        this.tokens = tokens;
        this.limits = limits;
        macros = withMacros ? new Macros(Node) : null;
    }

    /// <exception cref="SyntaxFault">It is no expression, or beyond the limits.</exception>
    public static Expr Parse(string text, CelLimits limits, bool withMacros)
    {
        if (text.Length > limits.Length) throw new SyntaxFault(limits.Length, CelIssueCode.TooLarge, $"An expression has at most {limits.Length} characters; this one has {text.Length}.");
        var parser = new Parser(new Lexer(text).ReadAll(), limits, withMacros);
        var expression = parser.Expression();
        return parser.Current.Kind == TokenKind.End ? expression : throw parser.Unexpected();
    }

    private Token Current => tokens[next];

    private Expr Expression()
    {
        Enter();
        var condition = Or();
        if (Take("?"))
        {
            var at = tokens[next - 1].At;
            var then = Or();
            Expect(":");
            condition = Call(at, Operators.Conditional, condition, then, Expression());
        }
        depth--;
        return condition;
    }

    private Expr Or() => Chain("||", And);

    private Expr And() => Chain("&&", Relation);

    /// <summary>One call with all of them as arguments, however many there are.</summary>
    private Expr Chain(string symbol, Func<Expr> part)
    {
        var first = part();
        if (!Current.Is(symbol)) return first;
        var at = Current.At;
        var parts = new List<Expr> { first };
        while (Take(symbol)) parts.Add(part());
        return Call(at, Operators.Binary(symbol), [.. parts]);
    }

    private Expr Relation() => LeftToRight(Relations, Addition);

    private Expr Addition() => LeftToRight(Additive, Multiplication);

    private Expr Multiplication() => LeftToRight(Multiplicative, Unary);

    private Expr LeftToRight(string[] symbols, Func<Expr> part)
    {
        var left = part();
        while (Current.Kind == TokenKind.Symbol && Array.IndexOf(symbols, Current.Text) >= 0)
        {
            var symbol = tokens[next++];
            left = Call(symbol.At, Operators.Binary(symbol.Text), left, part());
        }
        return left;
    }

    private Expr Unary()
    {
        var first = Current;
        if (!first.Is("!") && !first.Is("-")) return Members();
        if (first.Is("-") && tokens[next + 1].Kind is TokenKind.Int or TokenKind.Double)
        {
            // The sign belongs to the number, or the smallest one could not be written.
            next++;
            return Members();
        }
        next++;
        Enter();
        if (Current.Kind == TokenKind.Symbol && Current.Text is "!" or "-" && Current.Text != first.Text) throw Unexpected();
        var operand = Unary();
        depth--;
        return Call(first.At, first.Text + "_", operand);
    }

    private Expr Members()
    {
        var operand = Primary();
        while (true)
        {
            var at = Current.At;
            if (Take("."))
            {
                var isOptional = Take("?");
                var member = tokens[next++];
                if (member.Kind is not (TokenKind.Identifier or TokenKind.Quoted)) throw Unexpected(member);
                if (!isOptional && member.Kind == TokenKind.Identifier && Take("(")) operand = Receiver(at, member.Text, operand);
                else operand = Node(new SelectExpr(at, operand, member.Text, isTest: false, isOptional));
            }
            else if (Take("["))
            {
                var isOptional = Take("?");
                var index = Expression();
                Expect("]");
                operand = Call(at, isOptional ? Operators.OptionalIndex : Operators.Index, operand, index);
            }
            else if (Current.Is("{") && NameOf(operand) is { } message)
            {
                throw new SyntaxFault(at, CelIssueCode.Unknown, $"There is no message type {message}: messages are not part of this implementation.");
            }
            else
            {
                return operand;
            }
        }
    }

    private static string? NameOf(Expr expression) => expression switch
    {
        NameExpr name => name.Name,
        SelectExpr { IsTest: false, IsOptional: false } select when NameOf(select.Operand) is { } before => $"{before}.{select.Member}",
        _ => null,
    };

    private Expr Primary()
    {
        var token = tokens[next++];
        switch (token.Kind)
        {
            case TokenKind.Int or TokenKind.Uint or TokenKind.Double: return Number(token);
            case TokenKind.String: return Node(new LiteralExpr(token.At, CelValue.Of(token.Text)));
            case TokenKind.Bytes: return Node(new LiteralExpr(token.At, CelValue.Of(token.Octets!)));
            case TokenKind.Identifier: return Name(token, isRooted: false);
            case TokenKind.Symbol when token.Text == "." && Current.Kind == TokenKind.Identifier: return Name(tokens[next++], isRooted: true);
            case TokenKind.Symbol when token.Text is "true" or "false": return Node(new LiteralExpr(token.At, CelValue.Of(token.Text == "true")));
            case TokenKind.Symbol when token.Text == "null": return Node(new LiteralExpr(token.At, CelValue.Null));
            case TokenKind.Symbol when token.Text == "(":
                var inner = Expression();
                Expect(")");
                return inner;
            case TokenKind.Symbol when token.Text == "[": return List(token.At);
            case TokenKind.Symbol when token.Text == "{": return Map(token.At);
            default: throw Unexpected(token);
        }
    }

    private Expr Name(Token token, bool isRooted)
    {
        if (Reserved.Contains(token.Text)) throw SyntaxFault.Of(token.At, $"'{token.Text}' is a reserved word.");
        if (!Take("(")) return Node(new NameExpr(token.At, token.Text, isRooted));
        var arguments = Arguments();
        return (isRooted ? null : macros?.Expand(token.At, token.Text, null, arguments)) is { } expanded
            ? Node(expanded) : Node(new CallExpr(token.At, isRooted ? "." + token.Text : token.Text, null, arguments));
    }

    private Expr Receiver(int at, string function, Expr target)
    {
        var arguments = Arguments();
        return macros?.Expand(at, function, target, arguments) is { } expanded ? Node(expanded) : Node(new CallExpr(at, function, target, arguments));
    }

    private Expr[] Arguments()
    {
        var arguments = new List<Expr>();
        if (Take(")")) return [];
        do arguments.Add(Expression()); while (Take(","));
        Expect(")");
        return [.. arguments];
    }

    private Expr List(int at)
    {
        var (items, optional) = (new List<Expr>(), new List<bool>());
        while (!Take("]"))
        {
            optional.Add(Take("?"));
            items.Add(Expression());
            if (Take(",")) continue;
            Expect("]");
            break;
        }
        return Node(new ListExpr(at, [.. items], [.. optional]));
    }

    private Expr Map(int at)
    {
        var (keys, values, optional) = (new List<Expr>(), new List<Expr>(), new List<bool>());
        while (!Take("}"))
        {
            optional.Add(Take("?"));
            keys.Add(Expression());
            Expect(":");
            values.Add(Expression());
            if (Take(",")) continue;
            Expect("}");
            break;
        }
        return Node(new MapExpr(at, [.. keys], [.. values], [.. optional]));
    }

    private Expr Number(Token token)
    {
        var isNegative = next >= 2 && tokens[next - 2].Is("-") && IsSign(next - 2);
        var text = token.Text;
        switch (token.Kind)
        {
            case TokenKind.Double:
                var value = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
                return Node(new LiteralExpr(token.At, CelValue.Of(isNegative ? -value : value)));
            case TokenKind.Uint:
                return TryReadDigits(text, out var unsigned) ? Node(new LiteralExpr(token.At, CelValue.Of(unsigned))) : throw SyntaxFault.Of(token.At, "This number is too large for uint.");
            default:
                if (!TryReadDigits(text, out var digits) || digits > (isNegative ? 1ul << 63 : long.MaxValue)) throw SyntaxFault.Of(token.At, "This number is too large for int.");
                return Node(new LiteralExpr(token.At, CelValue.Of(isNegative ? (long)(0 - digits) : (long)digits)));
        }
    }

    /// <summary>A minus that stands where an operand begins.</summary>
    private bool IsSign(int place) =>
        place == 0 || tokens[place - 1] is { Kind: TokenKind.Symbol, Text: not (")" or "]" or "}" or "true" or "false" or "null") };

    private static bool TryReadDigits(string text, out ulong value) => text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
        ? ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private Expr Call(int at, string function, params Expr[] arguments) => Node(new CallExpr(at, function, null, arguments));

    private Expr Node(Expr expression)
    {
        if (++nodes > limits.Nodes) throw new SyntaxFault(expression.At, CelIssueCode.TooLarge, $"An expression has at most {limits.Nodes} parts.");
        expression.Height = 1 + Heights.Below(expression);
        if (expression.Height > limits.Depth) throw TooDeep(expression.At);
        return expression;
    }

    private void Enter()
    {
        if (++depth > limits.Depth) throw TooDeep(Current.At);
    }

    private SyntaxFault TooDeep(int at) => new(at, CelIssueCode.TooLarge, $"An expression is nested at most {limits.Depth} levels deep.");

    private bool Take(string symbol)
    {
        if (!Current.Is(symbol)) return false;
        next++;
        return true;
    }

    private void Expect(string symbol)
    {
        if (!Take(symbol)) throw SyntaxFault.Of(Current.At, $"'{symbol}' was expected, and {Shown(Current)} is here.");
    }

    private SyntaxFault Unexpected() => Unexpected(Current);

    private static SyntaxFault Unexpected(Token token) => SyntaxFault.Of(token.At, $"{Shown(token)} is not expected here.");

    private static string Shown(Token token) => token.Kind == TokenKind.End ? "the end" : token.Kind is TokenKind.String or TokenKind.Bytes ? "a string" : $"'{token.Text}'";
}
