namespace Symbolon.Cel.Syntax;

/// <summary>The parts of a part.</summary>
internal static class Heights
{
    /// <returns>The height of its highest part; 0 where it has none.</returns>
    public static int Below(Expr expression)
    {
        var highest = 0;
        foreach (var part in PartsOf(expression)) highest = Math.Max(highest, part.Height);
        return highest;
    }

    public static IEnumerable<Expr> PartsOf(Expr expression) => expression switch
    {
        SelectExpr select => [select.Operand],
        CallExpr { Target: { } target } call => [target, .. call.Arguments],
        CallExpr call => call.Arguments,
        ListExpr list => list.Items,
        MapExpr map => [.. map.Keys, .. map.Values],
        LoopExpr { Filter: { } filter } loop => [loop.Range, filter, loop.Body],
        LoopExpr loop => [loop.Range, loop.Body],
        BindExpr bind => [bind.Value, bind.Body],
        _ => [],
    };
}
