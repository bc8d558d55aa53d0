using Symbolon.Cel.Syntax;
using Symbolon.Cel.Values;

namespace Symbolon.Cel.Functions;

/// <summary><c>[]</c>, <c>in</c>, <c>size</c>, and the members of maps.</summary>
internal static class Containers
{
    private static readonly CelValue NoOverload = CelValue.Of(CelError.NoOverload);

    public static IEnumerable<CelFunction> All =>
    [
        new CelFunction(Operators.Index).Add(Index, "(list<A>, int) A", "(map<A, B>, A) B", "(optional<list<A>>, int) optional<A>", "(optional<map<A, B>>, A) optional<B>"),
        new CelFunction(Operators.OptionalIndex).Add(OptionalIndex, "(list<A>, int) optional<A>", "(map<A, B>, A) optional<B>", "(optional<list<A>>, int) optional<A>", "(optional<map<A, B>>, A) optional<B>"),
        new CelFunction(Operators.In).Add(In, "(A, list<A>) bool", "(A, map<A, B>) bool"),
        new CelFunction("size").Add(Size, "(string) int", "(bytes) int", "(list<A>) int", "(map<A, B>) int", "string.() int", "bytes.() int", "list<A>.() int", "map<A, B>.() int"),
        new CelFunction(Operators.Not).Add((in CelValue a, CelMeter meter) => a.Kind == CelKind.Bool ? CelValue.Of(!a.AsBool) : NoOverload, "(bool) bool"),
    ];

    public static CelValue Index(in CelValue container, in CelValue key, CelMeter meter) =>
        container.Kind == CelKind.Optional ? OptionalIndex(container, key, meter)
        : TryFind(container, key, out var value) ? value : value.IsFault ? value : CelValue.Of(CelError.NoKey);

    public static CelValue OptionalIndex(in CelValue container, in CelValue key, CelMeter meter)
    {
        if (container.Kind == CelKind.Optional) return container.AsOptional is { } inner ? OptionalIndex(inner, key, meter) : container;
        if (TryFind(container, key, out var value)) return value.IsFault ? value : CelValue.OptionalOf(value);
        return value is { IsFault: true } && !(value.Kind == CelKind.Error && value.AsError == OutOfRange) ? value : CelValue.OptionalOf(null);
    }

    private static readonly CelError OutOfRange = new("invalid_argument: index out of range");

    /// <param name="value">What is there; an error where the container or the key is none; else nothing.</param>
    private static bool TryFind(in CelValue container, in CelValue key, out CelValue value)
    {
        value = default;
        if (container.Kind == CelKind.Map)
        {
            // A key of another kind is in no map.
            return (CelKeys.IsKey(key) || key.Kind == CelKind.Double) && container.AsMap.TryGet(container.Node, key, out value);
        }
        value = NoOverload;
        if (container.Kind != CelKind.List || !CelNumbers.IsNumber(key)) return false;
        if (!TryIndex(key, out var index))
        {
            value = CelValue.Error("invalid_argument: an index is a whole number");
            return false;
        }
        value = CelValue.Of(OutOfRange);
        if (index < 0 || index >= Items.Count(container)) return false;
        value = Items.At(container, (int)index);
        return true;
    }

    private static bool TryIndex(in CelValue key, out long index)
    {
        index = key.Kind == CelKind.Double ? (long)Math.Clamp(key.AsDouble, -1, int.MaxValue) : key.Kind == CelKind.Uint ? (long)Math.Min(key.AsUint, int.MaxValue) : key.AsInt;
        return key.Kind != CelKind.Double || key.AsDouble == Math.Truncate(key.AsDouble);
    }

    public static CelValue In(in CelValue item, in CelValue container, CelMeter meter)
    {
        if (container.Kind == CelKind.Map) return CelValue.Of((CelKeys.IsKey(item) || item.Kind == CelKind.Double) && container.AsMap.TryGet(container.Node, item, out _));
        if (container.Kind != CelKind.List) return NoOverload;
        var count = Items.Count(container);
        CelValue fault = default;
        for (var i = 0; i < count; i++)
        {
            if (!meter.Charge(1)) return CelValue.Of(CelError.Cost);
            var candidate = Items.At(container, i);
            var same = candidate.IsFault ? candidate : Sameness.Of(item, candidate, meter);
            if (same.IsTrue) return same;
            if (same.IsFault) fault = same;
        }
        return fault.IsFault ? fault : CelValue.False;
    }

    private static CelValue Size(in CelValue value, CelMeter meter) => value.Kind switch
    {
        CelKind.String => meter.ChargeBytes(CelText.Size(value)) ? CelValue.Of(CelText.Length(value)) : CelValue.Of(CelError.Cost),
        CelKind.Bytes => CelValue.Of(value.AsBytes().LongLength),
        CelKind.List => CelValue.Of((long)Items.Count(value)),
        CelKind.Map => CelValue.Of((long)value.AsMap.Count(value.Node)),
        _ => NoOverload,
    };

    /// <summary><c>operand.member</c>; on an optional what is below it.</summary>
    public static CelValue Select(in CelValue operand, CelName member)
    {
        if (operand.Kind == CelKind.Map) return operand.AsMap.TryGet(operand.Node, member, out var value) ? value : CelValue.Error($"no such key: '{member.Text}'");
        return operand.Kind == CelKind.Optional ? OptionalSelect(operand, member) : NoMember(operand);
    }

    /// <summary><c>operand.?member</c></summary>
    public static CelValue OptionalSelect(in CelValue operand, CelName member)
    {
        if (operand.Kind == CelKind.Optional) return operand.AsOptional is { } inner ? OptionalSelect(inner, member) : operand;
        if (operand.Kind != CelKind.Map) return NoMember(operand);
        return !operand.AsMap.TryGet(operand.Node, member, out var value) ? CelValue.OptionalOf(null) : value.IsFault ? value : CelValue.OptionalOf(value);
    }

    /// <summary><c>has(operand.member)</c></summary>
    public static CelValue Has(in CelValue operand, CelName member)
    {
        if (operand.Kind == CelKind.Map) return CelValue.Of(operand.AsMap.TryGet(operand.Node, member, out _));
        if (operand.Kind != CelKind.Optional) return NoMember(operand);
        return operand.AsOptional is { } inner ? Has(inner, member) : CelValue.False;
    }

    private static CelValue NoMember(in CelValue operand) => CelValue.Error($"no such overload: type '{TypeNames.Of(operand)}' does not support field selection, no such key");
}
