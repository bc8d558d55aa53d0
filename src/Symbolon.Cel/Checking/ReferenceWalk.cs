using Symbolon.Cel.Syntax;
using Symbolon.Cel.Types;
using Symbolon.Cel.Values;

namespace Symbolon.Cel.Checking;

/// <summary>Collects what an expression speaks of.</summary>
internal sealed class ReferenceWalk(IReadOnlyList<CelVariable> variables)
{
    private readonly Dictionary<string, CelReference> found = new(StringComparer.Ordinal);
    private readonly SortedSet<string> names = new(StringComparer.Ordinal);

    /// <summary>Members that are selected from what is no path of names from a variable down: an item of a list, what a macro binds.</summary>
    public IReadOnlyCollection<string> Names => names;

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
            Add(index, path);
            return;
        }
        if (SelectedBy(expression) is var (member, holder))
        {
            if (PathOf(holder) is var (variable, above)) Add(variable, [.. above, member]);
            else names.Add(member);
        }
        IEnumerable<Expr> parts = expression is CallExpr call ? call.Operands : Heights.PartsOf(expression);
        foreach (var part in parts) Visit(part);
    }

    private static (string Member, Expr Holder)? SelectedBy(Expr expression) => expression switch
    {
        SelectExpr select => (select.Member, select.Operand),
        CallExpr { Resolved: Operators.Index or Operators.OptionalIndex, Operands: [var holder, LiteralExpr { Value.Kind: CelKind.String } name] } => (name.Value.AsText(), holder),
        CallExpr { Resolved: Operators.In, Operands: [LiteralExpr { Value.Kind: CelKind.String } name, { Type.Kind: not CelTypeKind.List } holder] } => (name.Value.AsText(), holder),
        _ => null,
    };

    private void Add(int variable, List<string> path)
    {
        var reference = new CelReference(variables[variable].Name, path);
        found.TryAdd(reference.ToString(), reference);
    }
}
