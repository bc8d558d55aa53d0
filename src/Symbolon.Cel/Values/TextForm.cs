using System.Globalization;
using System.Text;

namespace Symbolon.Cel.Values;

/// <summary>Values as texts: what <c>string()</c> makes of them, and a form of everything else for people.</summary>
internal static class TextForm
{
    private const int ShownItems = 20;

    public static string Of(double value)
    {
        if (double.IsNaN(value)) return "NaN";
        if (double.IsInfinity(value)) return value > 0 ? "+Inf" : "-Inf";
        var size = Math.Abs(value);
        if (size != 0 && size is < 1e-4 or >= 1e21) return Exponent(value.ToString("E16", CultureInfo.InvariantCulture), value);
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.Contains('E', StringComparison.Ordinal) ? decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture) : text;
    }

    /// <summary>The shortest digits that read back, with an exponent of two digits at least.</summary>
    private static string Exponent(string fallback, double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        var at = text.IndexOf('E', StringComparison.Ordinal);
        if (at < 0) (text, at) = (fallback, fallback.IndexOf('E', StringComparison.Ordinal));
        var exponent = int.Parse(text.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{text[..at]}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
    }

    public static string Of(in CelValue value) => value.Kind switch
    {
        CelKind.Null => "null",
        CelKind.Bool => value.AsBool ? "true" : "false",
        CelKind.Int => value.AsInt.ToString(CultureInfo.InvariantCulture),
        CelKind.Uint => value.AsUint.ToString(CultureInfo.InvariantCulture),
        CelKind.Double => Of(value.AsDouble),
        CelKind.String => value.AsText(),
        CelKind.Bytes => Convert.ToHexStringLower(value.AsBytes()),
        CelKind.Timestamp => CelTimes.ToText(value),
        CelKind.Duration => CelTimes.ToText(value.Nanoseconds),
        CelKind.Type => value.AsTypeName,
        CelKind.Ip => value.AsAddress.ToString(),
        CelKind.Cidr => value.AsNetwork.ToString(),
        CelKind.Optional => value.AsOptional is { } some ? $"optional({Of(some)})" : "optional.none()",
        CelKind.Error => $"error: {value.AsError.Message}",
        CelKind.Unknown => "unknown",
        CelKind.List => OfList(value),
        _ => OfMap(value),
    };

    private static string OfList(in CelValue list)
    {
        var text = new StringBuilder("[");
        var count = list.AsList.Count(list.Node);
        for (var i = 0; i < count && i < ShownItems; i++) text.Append(i == 0 ? "" : ", ").Append(Of(list.AsList[list.Node, i]));
        return text.Append(count > ShownItems ? ", …]" : "]").ToString();
    }

    private static string OfMap(in CelValue map)
    {
        var text = new StringBuilder("{");
        var count = map.AsMap.Count(map.Node);
        for (var i = 0; i < count && i < ShownItems; i++)
            text.Append(i == 0 ? "" : ", ").Append(Of(map.AsMap.KeyAt(map.Node, i))).Append(": ").Append(Of(map.AsMap.ValueAt(map.Node, i)));
        return text.Append(count > ShownItems ? ", …}" : "}").ToString();
    }
}
