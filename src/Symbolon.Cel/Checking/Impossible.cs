using Symbolon.Cel.Syntax;
using Symbolon.Cel.Types;
using Symbolon.Cel.Values;

namespace Symbolon.Cel.Checking;

/// <summary>Finds conditions that are true for no values: conditions of one conjunction that exclude each other, values that a member never has.</summary>
internal sealed class Impossible(IReadOnlyList<CelVariable> variables)
{
    /// <returns>Why; null where it may be true.</returns>
    public string? Why(Expr expression)
    {
        if (expression is CallExpr { Resolved: Operators.Or } or)
        {
            var reasons = or.Operands.Select(Why).ToList();
            return reasons.Contains(null) ? null : reasons[0];
        }
        var domains = new Dictionary<string, Domain>(StringComparer.Ordinal);
        foreach (var condition in Conjuncts(expression))
        {
            if (condition is LiteralExpr { Value: { IsTrue: false } value }) return $"'{value}' is never true";
            if (condition is CallExpr { Resolved: Operators.Or } && Why(condition) is { } inner) return inner;
            if (Restrict(condition, isTrue: true, domains) is { } why) return why;
        }
        return null;
    }

    private static IEnumerable<Expr> Conjuncts(Expr expression) =>
        expression is CallExpr { Resolved: Operators.And } and ? and.Operands.SelectMany(Conjuncts) : [expression];

    private string? Restrict(Expr condition, bool isTrue, Dictionary<string, Domain> domains)
    {
        switch (condition)
        {
            case CallExpr { Resolved: Operators.Not, Operands: [var inner] }: return Restrict(inner, !isTrue, domains);
            case SelectExpr { IsTest: true } test when ReferenceWalk.PathOf(test.Operand) is { } below:
                below.Path.Add(test.Member);
                return DomainOf(below, domains).Exist(isTrue);
            case NameExpr or SelectExpr { IsTest: false, IsOptional: false } when ReferenceWalk.PathOf(condition) is { } path:
                return DomainOf(path, domains).Keep([CelValue.Of(isTrue)]);
            case CallExpr { Operands: [var left, var right] } call when OperatorOf(call.Resolved, isTrue) is { } operation:
                if (right is LiteralExpr literal && ReferenceWalk.PathOf(left) is { } place) return DomainOf(place, domains).Compare(operation, literal.Value);
                if (left is LiteralExpr first && ReferenceWalk.PathOf(right) is { } other && Mirrored(operation) is { } mirrored) return DomainOf(other, domains).Compare(mirrored, first.Value);
                return null;
            case CallExpr { Resolved: Operators.In, Operands: [var item, ListExpr list] } when isTrue && ReferenceWalk.PathOf(item) is { } at && list.Items.All(each => each is LiteralExpr):
                return DomainOf(at, domains).Keep([.. list.Items.Select(each => ((LiteralExpr)each).Value)]);
            case CallExpr { Resolved: Operators.In, Operands: [LiteralExpr { Value.Kind: CelKind.String } text, var holder] } when isTrue && ReferenceWalk.PathOf(holder) is { } list:
                return DomainOf(list, domains).Member?.ItemValues is { } known && !known.Contains(text.Value.AsText()) ? $"'{text.Value.AsText()}' is never in it: it has only {string.Join(", ", known)}" : null;
            default: return null;
        }
    }

    private static string? OperatorOf(string? function, bool isTrue) => (function, isTrue) switch
    {
        (Operators.Equal, true) or (Operators.NotEqual, false) => Operators.Equal,
        (Operators.Less or Operators.LessOrEqual or Operators.Greater or Operators.GreaterOrEqual, true) => function,
        (Operators.Equal, false) or (Operators.NotEqual, true) => Operators.NotEqual,
        // What is not less need not be greater or equal: it may be NaN.
        _ => null,
    };

    private static string? Mirrored(string operation) => operation switch
    {
        Operators.Less => Operators.Greater,
        Operators.LessOrEqual => Operators.GreaterOrEqual,
        Operators.Greater => Operators.Less,
        Operators.GreaterOrEqual => Operators.LessOrEqual,
        _ => operation,
    };

    private Domain DomainOf((int Variable, List<string> Path) place, Dictionary<string, Domain> domains)
    {
        // No name has this character: members with dots in them are told apart.
        var key = string.Join('\0', [variables[place.Variable].Name, .. place.Path]);
        if (domains.TryGetValue(key, out var known)) return known;
        CelMember? member = null;
        var type = variables[place.Variable].Type;
        foreach (var name in place.Path)
        {
            member = type.Shape?[name];
            type = member?.Type ?? CelType.Dyn;
        }
        return domains[key] = new Domain(string.Join('.', [variables[place.Variable].Name, .. place.Path]), member);
    }
}
