using Symbolon.Cel.Functions;
using Symbolon.Cel.Patterns;
using Symbolon.Cel.Syntax;
using Symbolon.Cel.Values;

namespace Symbolon.Cel.Evaluation;

/// <summary>Makes delegates of an expression. What is constant is computed once, here.</summary>
internal sealed class Compiler
{
    /// <summary>What a constant may cost; what costs more is left to each evaluation.</summary>
    private const long FoldingCost = 10_000;

    private readonly CelBindings nothing = new();

    public Step Compile(Expr expression) => CompileOrFold(expression).Step;

    /// <returns>The step, and its value where that is always the same.</returns>
    private (Step Step, CelValue? Constant) CompileOrFold(Expr expression)
    {
        var step = expression switch
        {
            LiteralExpr { Value: var value } => Always(value),
            NameExpr { Meaning: Meaning.Variable } name => Declared.RequireWhole(OfMeaning(name.Meaning)!, name.Type, name.Name),
            NameExpr name => OfMeaning(name.Meaning) ?? Always(CelValue.Error($"undeclared reference to '{name.Name}': unknown variable")),
            SelectExpr select => OfMeaning(select.Meaning) ?? Select(select),
            CallExpr call => Call(call),
            ListExpr list => List(list),
            MapExpr map => Map(map),
            LoopExpr loop => new Loops(this).Compile(loop),
            _ => Bind((BindExpr)expression),
        };
        if (!IsConstant(expression)) return (step, null);
        nothing.Start(FoldingCost);
        var constant = step(nothing);
        return nothing.IsSpent ? (step, null) : (Always(constant), constant);
    }

    /// <summary>Its parts are literals; loops and names of macros are left to the evaluation.</summary>
    private static bool IsConstant(Expr expression) => expression switch
    {
        LiteralExpr => true,
        NameExpr or SelectExpr { Meaning: not null } => expression.Meaning is Meaning.TypeValue,
        CallExpr { Resolved: null } or LoopExpr or BindExpr => false,
        CallExpr call => call.Operands.All(IsConstant),
        _ => Heights.PartsOf(expression).All(IsConstant),
    };

    private static Step Always(CelValue value) => _ => value;

    private static Step? OfMeaning(Meaning? meaning) => meaning switch
    {
        Meaning.Variable(var index) => run => run.Resolve(index),
        Meaning.Local(var slot) => run => run.Locals[slot],
        Meaning.TypeValue(var name) => Always(CelValue.TypeNamed(name)),
        _ => null,
    };

    private Step Select(SelectExpr select)
    {
        var (operand, name) = (Compile(select.Operand), new CelName(select.Member));
        if (select.IsTest)
            return run =>
            {
                var value = operand(run);
                return value.IsFault ? value : Containers.Has(value, name);
            };
        Step step = select.IsOptional
            ? run =>
            {
                var value = operand(run);
                return value.IsFault ? value : Containers.OptionalSelect(value, name);
            }
            : run =>
            {
                var value = operand(run);
                return value.IsFault ? value : Containers.Select(value, name);
            };
        return Declared.Require(step, select.Operand.Type, select.Member);
    }

    private Step Call(CallExpr call)
    {
        switch (call.Resolved)
        {
            case Operators.And: return Junction([.. call.Operands.Select(Compile)], ends: false);
            case Operators.Or: return Junction([.. call.Operands.Select(Compile)], ends: true);
            case Operators.Conditional: return Conditional(call);
            case null: return Always(CelValue.Error($"unbound function: no such overload: {call.Function}"));
            case "matches" when call.Operands is [_, LiteralExpr { Value.Kind: CelKind.String } pattern]: return Matches(call, pattern);
        }
        var function = FunctionTable.Find(call.Resolved)!;
        var step = Apply(function, [.. call.Operands.Select(Compile)]);
        return call.Resolved is Operators.Index or Operators.OptionalIndex ? Member(call, step) : step;
    }

    /// <summary><c>record[name]</c>, which is held to what is declared as <c>record.name</c> is.</summary>
    private Step Member(CallExpr call, Step step)
    {
        if (call.Operands[1] is LiteralExpr { Value.Kind: CelKind.String } name) return Declared.Require(step, call.Operands[0].Type, name.Value.AsText());
        if (call.Operands[0].Type is not { } type || !Declared.HasMembers(type)) return step;
        var (container, key) = (Compile(call.Operands[0]), Compile(call.Operands[1]));
        var isOptional = call.Resolved == Operators.OptionalIndex;
        return run =>
        {
            var (holder, named) = (container(run), key(run));
            if (holder.Kind == CelKind.Error) return holder;
            if (named.IsFault) return named;
            if (holder.IsFault) return holder;
            var value = isOptional ? Containers.OptionalIndex(holder, named, run) : Containers.Index(holder, named, run);
            return value.IsFault || named.Kind != CelKind.String ? value : Declared.Held(value, type, named.AsText(), run);
        };
    }

    private static Step Apply(CelFunction function, Step[] operands)
    {
        switch (operands.Length)
        {
            case 0 when function.Of0 is { } of: return _ => of();
            case 1 when function.Of1 is { } of:
                var only = operands[0];
                return run =>
                {
                    var a = only(run);
                    return a.IsFault ? a : of(a, run);
                };
            case 2 when function.Of2 is { } of:
                var (left, right) = (operands[0], operands[1]);
                return run =>
                {
                    var a = left(run);
                    if (a.Kind == CelKind.Error) return a;
                    var b = right(run);
                    return a.IsFault ? a : b.IsFault ? b : of(a, b, run);
                };
            case 3 when function.Of3 is { } of:
                var (first, second, third) = (operands[0], operands[1], operands[2]);
                return run =>
                {
                    var (a, b, c) = (first(run), second(run), third(run));
                    return a.IsFault ? a : b.IsFault ? b : c.IsFault ? c : of(a, b, c, run);
                };
            case > 2 when function.OfMany is { } of:
                return run =>
                {
                    var values = new CelValue[operands.Length];
                    for (var i = 0; i < values.Length; i++)
                        if ((values[i] = operands[i](run)).IsFault) return values[i];
                    return of(values, run);
                };
            default: return Always(CelValue.Of(CelError.NoOverload));
        }
    }

    /// <summary>And, or: a part that decides does so whatever becomes of the others.</summary>
    /// <param name="ends">The value that decides.</param>
    private static Step Junction(Step[] parts, bool ends) => run =>
    {
        CelValue fault = default;
        foreach (var part in parts)
        {
            var value = part(run);
            if (value.Kind == CelKind.Bool)
            {
                if (value.AsBool == ends) return value;
                continue;
            }
            // What is unknown may still decide, so that no error is certain beside it.
            if (fault.Kind != CelKind.Unknown) fault = value.IsFault ? value.Kind == CelKind.Unknown || !fault.IsFault ? value : fault : fault.IsFault ? fault : CelValue.Of(CelError.NoOverload);
        }
        return fault.IsFault ? fault : CelValue.Of(!ends);
    };

    private Step Conditional(CallExpr call)
    {
        var (condition, then, otherwise) = (Compile(call.Operands[0]), Compile(call.Operands[1]), Compile(call.Operands[2]));
        return run =>
        {
            var value = condition(run);
            return value.Kind == CelKind.Bool ? value.AsBool ? then(run) : otherwise(run) : value.IsFault ? value : CelValue.Of(CelError.NoOverload);
        };
    }

    private Step Matches(CallExpr call, LiteralExpr literal)
    {
        if (CelPattern.Parse(literal.Value.AsText(), out var fault) is not { } pattern)
            return call.Type is null ? Always(CelValue.Error($"no regular expression: {fault}")) : throw new SyntaxFault(literal.At, CelIssueCode.BadValue, $"This is no regular expression: {fault}");
        var text = Compile(call.Operands[0]);
        return run =>
        {
            var value = text(run);
            return value.IsFault ? value : TextSearch.Matches(value, pattern, run);
        };
    }

    private Step List(ListExpr list)
    {
        var (items, optional) = (list.Items.Select(Compile).ToArray(), list.Optional);
        if (optional.Contains(true)) return run => OptionalItems(items, optional, run);
        return run =>
        {
            if (!run.Charge(items.Length)) return CelValue.Of(CelError.Cost);
            var values = new CelValue[items.Length];
            for (var i = 0; i < items.Length; i++)
                if ((values[i] = items[i](run)).IsFault) return values[i];
            return CelValue.ListOf(values);
        };
    }

    private static CelValue OptionalItems(Step[] items, bool[] optional, CelActivation run)
    {
        if (!run.Charge(items.Length)) return CelValue.Of(CelError.Cost);
        var values = new List<CelValue>();
        for (var i = 0; i < items.Length; i++)
        {
            var value = items[i](run);
            if (value.IsFault) return value;
            if (!optional[i]) values.Add(value);
            else if (value.Kind != CelKind.Optional) return CelValue.Of(CelError.NoOverload);
            else if (value.AsOptional is { } some) values.Add(some);
        }
        return CelValue.ListOf([.. values]);
    }

    private Step Map(MapExpr map)
    {
        var (keys, values, optional) = (map.Keys.Select(Compile).ToArray(), map.Values.Select(Compile).ToArray(), map.Optional);
        return run =>
        {
            if (!run.Charge(keys.Length)) return CelValue.Of(CelError.Cost);
            var table = new CelTable(keys.Length);
            for (var i = 0; i < keys.Length; i++)
            {
                var (key, value) = (keys[i](run), values[i](run));
                if (key.IsFault) return key;
                if (value.IsFault) return value;
                if (!CelKeys.IsKey(key)) return CelValue.Of(CelError.UnsupportedKey);
                if (optional[i])
                {
                    if (value.Kind != CelKind.Optional) return CelValue.Of(CelError.NoOverload);
                    if (value.AsOptional is not { } some) continue;
                    value = some;
                }
                if (!table.TryAdd(key, value)) return CelValue.Of(CelError.RepeatedKey);
            }
            return CelValue.Of(table);
        };
    }

    private Step Bind(BindExpr bind)
    {
        var (value, body, slot, kind) = (Compile(bind.Value), Compile(bind.Body), bind.Slot, bind.Kind);
        return run =>
        {
            var bound = value(run);
            if (kind != BindKind.Bind)
            {
                if (bound.IsFault) return bound;
                if (bound.Kind != CelKind.Optional) return CelValue.Of(CelError.NoOverload);
                if (bound.AsOptional is not { } some) return bound;
                bound = some;
            }
            run.Locals[slot] = bound;
            var result = body(run);
            return kind != BindKind.OptMap || result.IsFault ? result : CelValue.OptionalOf(result);
        };
    }
}
