using Symbolon.Cel.Functions;
using Symbolon.Cel.Syntax;
using Symbolon.Cel.Types;

namespace Symbolon.Cel.Checking;

/// <summary>Gives every part its type, and finds what can have none. langdef.md, Gradual Type Checking. Names are bound already.</summary>
internal sealed class Checker(IReadOnlyList<CelVariable> variables, string text)
{
    private const int MostIssues = 20;

    private readonly Unifier types = new();
    private readonly List<CelType> locals = [];
    private readonly List<CelIssue> issues = [];

    public IReadOnlyList<CelIssue> Issues => issues;

    /// <returns>The type of the whole.</returns>
    public CelType Check(Expr expression)
    {
        Visit(expression);
        Finish(expression);
        return expression.Type!;
    }

    private void Finish(Expr expression)
    {
        expression.Type = types.Resolve(expression.Type ?? CelType.Dyn, final: true);
        foreach (var part in Heights.PartsOf(expression)) Finish(part);
    }

    private CelType Visit(Expr expression)
    {
        var type = expression switch
        {
            LiteralExpr literal => TypeOf(literal),
            NameExpr name => OfMeaning(name.Meaning) ?? Fail(name.At, CelIssueCode.Unknown, $"undeclared reference to '{name.Name}'"),
            SelectExpr select => OfMeaning(select.Meaning) ?? VisitSelect(select),
            CallExpr call => VisitCall(call),
            ListExpr list => CelType.List(JoinAll(list.Items, list.Optional)),
            MapExpr map => CelType.Map(JoinAll(map.Keys, null), JoinAll(map.Values, map.Optional)),
            LoopExpr loop => VisitLoop(loop),
            _ => VisitBind((BindExpr)expression),
        };
        return expression.Type = type;
    }

    private static CelType TypeOf(LiteralExpr literal) => literal.Value.Kind switch
    {
        Values.CelKind.Null => CelType.Null,
        Values.CelKind.Bool => CelType.Bool,
        Values.CelKind.Int => CelType.Int,
        Values.CelKind.Uint => CelType.Uint,
        Values.CelKind.Double => CelType.Double,
        Values.CelKind.Bytes => CelType.Bytes,
        _ => CelType.String,
    };

    private CelType? OfMeaning(Meaning? meaning) => meaning switch
    {
        Meaning.Variable(var index) => variables[index].Type,
        Meaning.Local(var slot) => locals[slot],
        Meaning.TypeValue(var name) => CelType.TypeOf(TypeNames.Find(name)!),
        _ => null,
    };

    private CelType VisitSelect(SelectExpr select)
    {
        var operand = types.Resolve(Visit(select.Operand));
        var member = MemberOf(operand, select);
        if (select.IsTest) return CelType.Bool;
        return select.IsOptional && member.Kind != CelTypeKind.Optional ? CelType.Optional(member) : member;
    }

    private CelType MemberOf(CelType operand, SelectExpr select)
    {
        switch (operand.Kind)
        {
            case CelTypeKind.Dyn or CelTypeKind.Variable: return CelType.Dyn;
            case CelTypeKind.Map: return types.TryAssign([operand.Parameters[0]], [CelType.String]) ? operand.Parameters[1] : Unselectable(operand, select);
            case CelTypeKind.Optional: return CelType.Optional(MemberOf(types.Resolve(operand.Parameters[0]), select));
            case CelTypeKind.Record when operand.Shape![select.Member] is { } member: return member.Type;
            case CelTypeKind.Record when operand.Shape!.IsOpen: return CelType.Dyn;
            case CelTypeKind.Record:
                var nearest = operand.Shape!.Nearest(select.Member) is { } name ? $"; is '{name}' meant?" : "";
                return Fail(select.At, CelIssueCode.Unknown, $"there is no member '{select.Member}'{nearest}");
            default: return Unselectable(operand, select);
        }
    }

    private CelType Unselectable(CelType operand, SelectExpr select) => Fail(select.At, CelIssueCode.Type, $"type '{operand}' does not support field selection");

    private CelType VisitCall(CallExpr call)
    {
        var operands = call.Operands.Select(Visit).ToArray();
        if (call.Resolved is Operators.And or Operators.Or)
        {
            foreach (var operand in call.Operands) RequireBool(operand);
            return CelType.Bool;
        }
        if (call.Resolved is Operators.Conditional)
        {
            RequireBool(call.Operands[0]);
            if (types.TryAssign([operands[1]], [operands[2]])) return types.Join(operands[1], operands[2]);
            return NoOverload(call, operands);
        }
        if (call.Resolved is null || FunctionTable.Find(call.Resolved) is not { } function)
            return Fail(call.At, CelIssueCode.Unknown, $"undeclared reference to function '{call.Function}'");
        return MemberByName(call, operands) ?? Choose(call, function, operands);
    }

    /// <summary><c>record["name"]</c> is as good as <c>record.name</c>.</summary>
    private CelType? MemberByName(CallExpr call, CelType[] operands) =>
        call.Resolved is Operators.Index && types.Resolve(operands[0]) is { Kind: CelTypeKind.Record } record && call.Operands[1] is LiteralExpr { Value.Kind: Values.CelKind.String } name
            ? record.Shape![name.Value.AsText()]?.Type : null;

    private CelType Choose(CallExpr call, CelFunction function, CelType[] operands)
    {
        CelType? result = null;
        foreach (var overload in function.Signatures)
        {
            if (overload.IsMember != call.IsMember) continue;
            var fresh = types.Fresh(overload);
            if (!types.TryAssign(fresh.Parameters, operands)) continue;
            var found = types.Resolve(fresh.Result);
            result = result is null || result.Equals(found) ? found : CelType.Dyn;
            // What is certain chooses one; only where dyn is among them may several apply.
            if (!operands.Any(operand => types.Resolve(operand).Kind is CelTypeKind.Dyn or CelTypeKind.Variable)) break;
        }
        return result ?? NoOverload(call, operands);
    }

    private CelType NoOverload(CallExpr call, CelType[] operands) => Fail(call.At, CelIssueCode.Type,
        $"found no matching overload for '{call.Function}' applied to '{(call.IsMember ? $"{Shown(operands[0])}.({Shown(operands[1..])})" : $"({Shown(operands)})")}'");

    private string Shown(params CelType[] of) => string.Join(", ", of.Select(type => types.Resolve(type, final: true)));

    private CelType JoinAll(Expr[] items, bool[]? optional)
    {
        CelType? joined = null;
        for (var i = 0; i < items.Length; i++)
        {
            var type = Visit(items[i]);
            if (optional?[i] == true)
            {
                var inner = types.Fresh();
                if (!types.TryAssign([CelType.Optional(inner)], [type])) Fail(items[i].At, CelIssueCode.Type, $"an optional is expected behind '?', and this is {types.Resolve(type)}");
                type = types.Resolve(inner);
            }
            joined = joined is null ? type : types.Join(joined, type);
        }
        return joined ?? types.Fresh();
    }

    private CelType VisitLoop(LoopExpr loop)
    {
        var range = types.Resolve(Visit(loop.Range));
        var (key, item) = range.Kind switch
        {
            CelTypeKind.List => (CelType.Int, range.Parameters[0]),
            CelTypeKind.Map => (range.Parameters[0], range.Parameters[1]),
            CelTypeKind.Record => (CelType.String, CelType.Dyn),
            CelTypeKind.Dyn or CelTypeKind.Variable => (CelType.Dyn, CelType.Dyn),
            _ => (Fail(loop.Range.At, CelIssueCode.Type, $"expression of type '{range}' cannot be range of a comprehension (must be list, map, or dynamic)"), CelType.Dyn),
        };
        var first = loop.Second is null && range.Kind == CelTypeKind.List ? item : key;
        var slot = locals.Count;
        locals.Add(first);
        if (loop.Second is not null) locals.Add(item);
        if (loop.Filter is { } filter)
        {
            Visit(filter);
            RequireBool(filter);
        }
        var body = Visit(loop.Body);
        if (loop.Kind is LoopKind.All or LoopKind.Exists or LoopKind.ExistsOne or LoopKind.Filter) RequireBool(loop.Body);
        locals.RemoveRange(slot, locals.Count - slot);
        return loop.Kind switch
        {
            LoopKind.Map or LoopKind.TransformList => CelType.List(body),
            LoopKind.Filter => CelType.List(first),
            LoopKind.TransformMap => CelType.Map(key, body),
            LoopKind.TransformEntry => EntryOf(loop, body),
            _ => CelType.Bool,
        };
    }

    private CelType EntryOf(LoopExpr loop, CelType body)
    {
        var map = CelType.Map(types.Fresh(), types.Fresh());
        return types.TryAssign([map], [body]) ? types.Resolve(map) : Fail(loop.Body.At, CelIssueCode.Type, $"a map with one entry is expected here, and this is {types.Resolve(body)}");
    }

    private CelType VisitBind(BindExpr bind)
    {
        var value = Visit(bind.Value);
        if (bind.Kind != BindKind.Bind)
        {
            var inner = types.Fresh();
            if (!types.TryAssign([CelType.Optional(inner)], [value])) Fail(bind.Value.At, CelIssueCode.Type, $"an optional is expected here, and this is {types.Resolve(value)}");
            value = types.Resolve(inner);
        }
        locals.Add(value);
        var body = Visit(bind.Body);
        locals.RemoveAt(locals.Count - 1);
        if (bind.Kind == BindKind.OptFlatMap && !types.TryAssign([CelType.Optional(types.Fresh())], [body]))
            return Fail(bind.Body.At, CelIssueCode.Type, $"an optional is expected here, and this is {types.Resolve(body)}");
        return bind.Kind == BindKind.OptMap ? CelType.Optional(body) : body;
    }

    private void RequireBool(Expr expression)
    {
        if (!types.TryAssign([CelType.Bool], [expression.Type!])) Fail(expression.At, CelIssueCode.Type, $"a bool is expected here, and this is {types.Resolve(expression.Type!, final: true)}: no such overload");
    }

    private CelType Fail(int at, string code, string message)
    {
        if (issues.Count < MostIssues) issues.Add(new SyntaxFault(at, code, message).In(text));
        return CelType.Dyn;
    }
}
