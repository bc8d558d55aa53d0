using Symbolon.Cel.Functions;
using Symbolon.Cel.Syntax;
using Symbolon.Cel.Values;

namespace Symbolon.Cel.Evaluation;

/// <summary>The macros that go through a list or map. Each turn is charged for all that is in it.</summary>
internal sealed class Loops(Compiler compiler)
{
    public Step Compile(LoopExpr loop)
    {
        var (range, body, filter) = (compiler.Compile(loop.Range), compiler.Compile(loop.Body), loop.Filter is null ? null : compiler.Compile(loop.Filter));
        var turn = new Turn(loop.Slot, loop.Second is not null, 1 + Size(loop.Body) + (loop.Filter is null ? 0 : Size(loop.Filter)));
        Func<CelValue, CelActivation, CelValue> go = loop.Kind switch
        {
            LoopKind.All => (over, run) => Junction(turn, over, body, run, ends: false),
            LoopKind.Exists => (over, run) => Junction(turn, over, body, run, ends: true),
            LoopKind.ExistsOne => (over, run) => One(turn, over, body, run),
            LoopKind.Filter => (over, run) => Filter(turn, over, body, run),
            LoopKind.Map or LoopKind.TransformList => (over, run) => Map(turn, over, filter, body, run),
            LoopKind.TransformMap => (over, run) => Transform(turn, over, filter, body, run, isEntry: false),
            _ => (over, run) => Transform(turn, over, filter, body, run, isEntry: true),
        };
        return run =>
        {
            var over = range(run);
            return over.IsFault ? over : over.Kind is CelKind.List or CelKind.Map ? go(over, run) : CelValue.Of(CelError.NoOverload);
        };
    }

    /// <summary>Parts of a turn; those of loops in it count at their own turns.</summary>
    private static int Size(Expr expression) => 1 + Heights.PartsOf(expression).Sum(Size);

    /// <param name="Cost">Of one.</param>
    private sealed record Turn(int Slot, bool HasTwo, int Cost)
    {
        public static int Count(in CelValue over) => over.Kind == CelKind.List ? Items.Count(over) : over.AsMap.Count(over.Node);

        public static CelValue Key(in CelValue over, int index) => over.Kind == CelKind.List ? CelValue.Of((long)index) : over.AsMap.KeyAt(over.Node, index);

        /// <returns>False when it costs too much.</returns>
        public bool Begin(in CelValue over, int index, CelActivation run)
        {
            if (!run.Charge(Cost)) return false;
            if (HasTwo)
            {
                run.Locals[Slot] = Key(over, index);
                run.Locals[Slot + 1] = over.Kind == CelKind.List ? Items.At(over, index) : over.AsMap.ValueAt(over.Node, index);
            }
            else
            {
                run.Locals[Slot] = over.Kind == CelKind.List ? Items.At(over, index) : over.AsMap.KeyAt(over.Node, index);
            }
            return true;
        }
    }

    private static CelValue Junction(Turn turn, in CelValue over, Step body, CelActivation run, bool ends)
    {
        CelValue fault = default;
        var count = Turn.Count(over);
        for (var i = 0; i < count; i++)
        {
            if (!turn.Begin(over, i, run)) return CelValue.Of(CelError.Cost);
            var value = body(run);
            if (value.Kind == CelKind.Bool)
            {
                if (value.AsBool == ends) return value;
            }
            else if (fault.Kind != CelKind.Unknown)
            {
                fault = value.Kind == CelKind.Unknown || !fault.IsFault ? value.IsFault ? value : CelValue.Of(CelError.NoOverload) : fault;
            }
        }
        return fault.IsFault ? fault : CelValue.Of(!ends);
    }

    private static CelValue One(Turn turn, in CelValue over, Step body, CelActivation run)
    {
        var found = 0;
        var count = Turn.Count(over);
        for (var i = 0; i < count; i++)
        {
            if (!turn.Begin(over, i, run)) return CelValue.Of(CelError.Cost);
            if (Bool(body(run), out var isTrue) is { IsFault: true } fault) return fault;
            if (isTrue) found++;
        }
        return CelValue.Of(found == 1);
    }

    private static CelValue Filter(Turn turn, in CelValue over, Step body, CelActivation run)
    {
        var kept = new List<CelValue>();
        var count = Turn.Count(over);
        for (var i = 0; i < count; i++)
        {
            if (!turn.Begin(over, i, run)) return CelValue.Of(CelError.Cost);
            var item = run.Locals[turn.Slot];
            if (Bool(body(run), out var isTrue) is { IsFault: true } fault) return fault;
            if (isTrue) kept.Add(item);
        }
        return CelValue.ListOf([.. kept]);
    }

    private static CelValue Map(Turn turn, in CelValue over, Step? filter, Step body, CelActivation run)
    {
        var made = new List<CelValue>();
        var count = Turn.Count(over);
        for (var i = 0; i < count; i++)
        {
            if (!turn.Begin(over, i, run)) return CelValue.Of(CelError.Cost);
            if (filter is not null)
            {
                if (Bool(filter(run), out var isTrue) is { IsFault: true } fault) return fault;
                if (!isTrue) continue;
            }
            var value = body(run);
            if (value.IsFault) return value;
            made.Add(value);
        }
        return CelValue.ListOf([.. made]);
    }

    private static CelValue Transform(Turn turn, in CelValue over, Step? filter, Step body, CelActivation run, bool isEntry)
    {
        var table = new CelTable(Turn.Count(over));
        var count = Turn.Count(over);
        for (var i = 0; i < count; i++)
        {
            if (!turn.Begin(over, i, run)) return CelValue.Of(CelError.Cost);
            if (filter is not null)
            {
                if (Bool(filter(run), out var isTrue) is { IsFault: true } fault) return fault;
                if (!isTrue) continue;
            }
            var value = body(run);
            if (value.IsFault) return value;
            if (!isEntry)
            {
                if (!table.TryAdd(Turn.Key(over, i), value)) return CelValue.Of(CelError.RepeatedKey);
                continue;
            }
            if (value.Kind != CelKind.Map) return CelValue.Of(CelError.NoOverload);
            for (var k = 0; k < value.AsMap.Count(value.Node); k++)
                if (!run.Charge(1)) return CelValue.Of(CelError.Cost);
                else if (!table.TryAdd(value.AsMap.KeyAt(value.Node, k), value.AsMap.ValueAt(value.Node, k))) return CelValue.Error($"insert failed: {CelError.RepeatedKey.Message}");
        }
        return CelValue.Of(table);
    }

    private static CelValue Bool(in CelValue value, out bool isTrue)
    {
        isTrue = value.IsTrue;
        return value.Kind == CelKind.Bool || value.IsFault ? value : CelValue.Of(CelError.NoOverload);
    }
}
