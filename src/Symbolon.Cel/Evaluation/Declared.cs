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
    public static Step Require(Step step, CelType type, string member)
    {
        if (type.Kind is CelTypeKind.Dyn or CelTypeKind.Variable) return step;
        var fault = CelValue.Error($"no such overload: '{member}' is not of the type {type} that is declared");
        return run =>
        {
            var value = step(run);
            return value.IsFault ? value : Fit(value, type, run) is { } fit ? fit : fault;
        };
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
        CelTypeKind.Map or CelTypeKind.Record => value.Kind == CelKind.Map ? value : null,
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
}
