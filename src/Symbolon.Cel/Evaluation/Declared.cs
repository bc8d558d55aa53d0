using Symbolon.Cel.Functions;
using Symbolon.Cel.Types;
using Symbolon.Cel.Values;

namespace Symbolon.Cel.Evaluation;

/// <summary>
/// Holds what a host gives for a member to the type that it declared. A text where a number belongs is an error, not just another value: a comparison with it would be
/// false, and whoever reads the data behind us may take it for the number.
/// </summary>
internal static class Declared
{
    /// <summary>Whether it says something of members.</summary>
    public static bool HasMembers(CelType type) => Inside(type).Kind == CelTypeKind.Record;

    /// <summary>A variable that is a map of one type of values, each of which is looked at. What is in a map of an expression's own is inferred, and holds nobody to anything.</summary>
    public static Step RequireWhole(Step step, CelType? type, string variable)
    {
        if (type is not { Kind: CelTypeKind.Map, Parameters: [_, { Kind: not (CelTypeKind.Dyn or CelTypeKind.Variable) }] }) return step;
        var fault = FaultOf([type], variable);
        return run => Held(step(run), [type], fault, run);
    }

    /// <param name="container">Of what the member is; an optional of it, or null where nothing is known.</param>
    public static Step Require(Step step, CelType? container, string member)
    {
        if (container is null || TypesOf(container, member) is not { Length: > 0 } types) return step;
        var fault = FaultOf(types, member);
        if (types is not [{ Kind: var only }] || PlainKind(only) is not { } plain) return run => Held(step(run), types, fault, run);
        return run =>
        {
            var value = step(run);
            return value.Kind == plain ? value : Held(value, types, fault, run);
        };
    }

    /// <returns>The kind that all values of a type have and no others; null where there is more to look at.</returns>
    private static CelKind? PlainKind(CelTypeKind type) => type switch
    {
        CelTypeKind.Bool => CelKind.Bool,
        CelTypeKind.Int => CelKind.Int,
        CelTypeKind.String => CelKind.String,
        CelTypeKind.Record => CelKind.Map,
        _ => null,
    };

    /// <summary>Where the name is known only now; it may be the data's, so that no error repeats it.</summary>
    public static CelValue Held(in CelValue value, CelType container, string member, CelMeter meter) =>
        TypesOf(container, member) is { Length: > 0 } types ? Held(value, types, FaultOf(types, "…"), meter) : value;

    private static CelValue Held(in CelValue value, CelType[] types, in CelValue fault, CelMeter meter)
    {
        if (value.IsFault) return value;
        if (value.Kind != CelKind.Optional) return Fit(value, types, meter) ?? fault;
        return value.AsOptional is not { } inner ? value : Fit(inner, types, meter) is { } fit ? CelValue.OptionalOf(fit) : fault;
    }

    private static CelValue FaultOf(CelType[] types, string member) =>
        CelValue.Error($"no such overload: '{member}' is not of the type {string.Join(" or ", types)} that is declared");

    /// <returns>One of them it has to be; empty for any.</returns>
    private static CelType[] TypesOf(CelType container, string member) => Inside(container) switch
    {
        { Kind: CelTypeKind.Record, Shape: var shape } when shape![member] is { } found => found.Alternatives is { } several ? [.. several] : Known(found.Type),
        _ => [],
    };

    private static CelType[] Known(CelType type) => type.Kind is CelTypeKind.Dyn or CelTypeKind.Variable ? [] : [type];

    private static CelType Inside(CelType type) => type.Kind == CelTypeKind.Optional ? type.Parameters[0] : type;

    private static CelValue? Fit(in CelValue value, CelType[] types, CelMeter meter)
    {
        foreach (var type in types)
            if (Fit(value, type, meter) is { } fit) return fit;
        return null;
    }

    /// <returns>The value, an integer made a double where that is what it should be and nothing is lost; null where it is of another type.</returns>
    private static CelValue? Fit(in CelValue value, CelType type, CelMeter meter) => type.Kind switch
    {
        CelTypeKind.Bool => value.Kind == CelKind.Bool ? value : null,
        CelTypeKind.Int => value.Kind == CelKind.Int ? value : value.Kind == CelKind.Double && value.AsDouble is >= -9007199254740992 and <= 9007199254740992 && value.AsDouble == Math.Truncate(value.AsDouble) ? CelValue.Of((long)value.AsDouble) : null,
        CelTypeKind.Uint => value.Kind == CelKind.Uint ? value : null,
        CelTypeKind.Double => value.Kind == CelKind.Double ? value : value.Kind != CelKind.Int ? null : value.AsInt is >= -9007199254740992 and <= 9007199254740992 ? CelValue.Of((double)value.AsInt) : value,
        CelTypeKind.String => value.Kind == CelKind.String ? value : null,
        CelTypeKind.List => value.Kind == CelKind.List && ItemsFit(value, type.Parameters[0], meter) ? value : null,
        CelTypeKind.Map => value.Kind == CelKind.Map && ValuesFit(value, type.Parameters[1], meter) ? value : null,
        CelTypeKind.Record => value.Kind == CelKind.Map ? value : null,
        CelTypeKind.Null => value.Kind == CelKind.Null ? value : null,
        _ => value,
    };

    private static bool ItemsFit(in CelValue list, CelType type, CelMeter meter)
    {
        if (type.Kind is CelTypeKind.Dyn or CelTypeKind.Variable) return true;
        for (var i = 0; i < Items.Count(list); i++)
            if (!meter.Charge(1) || (Items.At(list, i) is { IsFault: false } item && Fit(item, type, meter) is null)) return false;
        return true;
    }

    private static bool ValuesFit(in CelValue map, CelType type, CelMeter meter)
    {
        if (type.Kind is CelTypeKind.Dyn or CelTypeKind.Variable) return true;
        for (var i = 0; i < map.AsMap.Count(map.Node); i++)
            if (!meter.Charge(1) || (map.AsMap.ValueAt(map.Node, i) is { IsFault: false } item && Fit(item, type, meter) is null)) return false;
        return true;
    }
}
