namespace Symbolon.Cel.Syntax;

/// <summary>What looks like a call and is not: it binds names, or looks at an expression instead of its value. langdef.md, Macros; doc/extensions of cel-go.</summary>
/// <param name="node">Counts each part that is made.</param>
internal sealed class Macros(Func<Expr, Expr> node)
{
    /// <returns>What it stands for; null where it is a call.</returns>
    public Expr? Expand(int at, string name, Expr? target, Expr[] arguments) => (name, target, arguments.Length) switch
    {
        ("has", null, 1) => Has(at, arguments[0]),
        ("bind", NameExpr { Name: "cel" }, 3) => new BindExpr(at, BindKind.Bind, VariableOf(arguments[0]), arguments[1], arguments[2]),
        (_, null, _) => null,
        ("optMap", _, 2) => new BindExpr(at, BindKind.OptMap, VariableOf(arguments[0]), target, arguments[1]),
        ("optFlatMap", _, 2) => new BindExpr(at, BindKind.OptFlatMap, VariableOf(arguments[0]), target, arguments[1]),
        ("sortBy", _, 2) => SortBy(at, target, arguments),
        ("all", _, 2) => One(at, LoopKind.All, target, arguments),
        ("exists", _, 2) => One(at, LoopKind.Exists, target, arguments),
        ("exists_one" or "existsOne", _, 2) => One(at, LoopKind.ExistsOne, target, arguments),
        ("filter", _, 2) => One(at, LoopKind.Filter, target, arguments),
        ("map", _, 2) => One(at, LoopKind.Map, target, arguments),
        ("map", _, 3) => One(at, LoopKind.Map, target, [arguments[0], arguments[2]], arguments[1]),
        ("all", _, 3) => Two(at, LoopKind.All, target, arguments),
        ("exists", _, 3) => Two(at, LoopKind.Exists, target, arguments),
        ("exists_one" or "existsOne", _, 3) => Two(at, LoopKind.ExistsOne, target, arguments),
        ("transformList", _, 3 or 4) => Two(at, LoopKind.TransformList, target, arguments),
        ("transformMap", _, 3 or 4) => Two(at, LoopKind.TransformMap, target, arguments),
        ("transformMapEntry", _, 3 or 4) => Two(at, LoopKind.TransformEntry, target, arguments),
        _ => null,
    };

    private static SelectExpr Has(int at, Expr argument) => argument is SelectExpr { IsTest: false, IsOptional: false } select
        ? new SelectExpr(at, select.Operand, select.Member, isTest: true, isOptional: false)
        : throw SyntaxFault.Of(argument.At, "has() asks for a member: has(args.amount).");

    private static LoopExpr One(int at, LoopKind kind, Expr range, Expr[] arguments, Expr? filter = null) => new(at, kind, range, VariableOf(arguments[0]), null, filter, arguments[1]);

    private static LoopExpr Two(int at, LoopKind kind, Expr range, Expr[] arguments)
    {
        var (first, second) = (VariableOf(arguments[0]), VariableOf(arguments[1]));
        if (first == second) throw SyntaxFault.Of(arguments[1].At, $"Both variables are named '{first}'.");
        return new LoopExpr(at, kind, range, first, second, arguments.Length == 4 ? arguments[2] : null, arguments[^1]);
    }

    /// <summary>Sorts by a key of each element: the keys are made once, beside the list.</summary>
    private BindExpr SortBy(int at, Expr list, Expr[] arguments)
    {
        // No name that anybody can write.
        const string Sorted = "@sorted";
        var keys = node(new LoopExpr(at, LoopKind.Map, node(new NameExpr(at, Sorted, isRooted: false)), VariableOf(arguments[0]), null, null, arguments[1]));
        return new BindExpr(at, BindKind.Bind, Sorted, list, node(new CallExpr(at, "@sortByKeys", null, [node(new NameExpr(at, Sorted, isRooted: false)), keys])));
    }

    private static string VariableOf(Expr expression) => expression is NameExpr { IsRooted: false } name
        ? name.Name : throw SyntaxFault.Of(expression.At, "The name of a variable is expected here.");
}
