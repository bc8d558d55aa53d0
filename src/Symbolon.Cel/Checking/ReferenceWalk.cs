using Symbolon.Cel.Syntax;
using Symbolon.Cel.Types;
using Symbolon.Cel.Values;

namespace Symbolon.Cel.Checking;

/// <summary>Collects what an expression speaks of.</summary>
internal sealed class ReferenceWalk(IReadOnlyList<CelVariable> variables)
{
    private readonly Dictionary<string, CelReference> found = new(StringComparer.Ordinal);

    public IReadOnlyList<CelReference> Of(Expr expression)
    {
        Visit(expression);
        return [.. found.Values];
    }

    /// <returns>The names from a variable down; null for what is no member of one.</returns>
    public static (int Variable, List<string> Path)? PathOf(Expr expression)
    {
        if (expression.Meaning is Meaning.Variable(var index)) return (index, []);
        var (operand, member) = expression switch
        {
            SelectExpr select => (select.Operand, select.Member),
            CallExpr { Resolved: Operators.Index or Operators.OptionalIndex, Operands: [var container, LiteralExpr { Value.Kind: CelKind.String } name] } => (container, name.Value.AsText()),
            _ => (null, ""),
        };
        if (operand is null || PathOf(operand) is not var (variable, path)) return null;
        path.Add(member);
        return (variable, path);
    }

    private void Visit(Expr expression)
    {
        if (PathOf(expression) is var (index, path))
        {
            var reference = new CelReference(variables[index].Name, path);
            found.TryAdd(reference.ToString(), reference);
            return;
        }
        IEnumerable<Expr> parts = expression is CallExpr call ? call.Operands : Heights.PartsOf(expression);
        foreach (var part in parts) Visit(part);
    }
}
