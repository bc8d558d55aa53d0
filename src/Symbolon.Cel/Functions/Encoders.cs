using Symbolon.Cel.Values;

namespace Symbolon.Cel.Functions;

/// <summary>The extension encoders. doc/extensions, Encoders.</summary>
internal static class Encoders
{
    public static IEnumerable<CelFunction> All =>
    [
        new CelFunction("base64.encode").Add((in CelValue a, CelMeter meter) =>
            a.Kind != CelKind.Bytes ? CelValue.Of(CelError.NoOverload) : meter.ChargeBytes(2L * a.AsBytes().Length) ? CelValue.Of(Convert.ToBase64String(a.AsBytes())) : CelValue.Of(CelError.Cost), "(bytes) string"),
        new CelFunction("base64.decode").Add(Decode, "(string) bytes"),
    ];

    /// <summary>With or without the padding at its end.</summary>
    private static CelValue Decode(in CelValue a, CelMeter meter)
    {
        if (a.Kind != CelKind.String) return CelValue.Of(CelError.NoOverload);
        if (!meter.ChargeBytes(CelText.Size(a))) return CelValue.Of(CelError.Cost);
        var text = a.AsText();
        var bytes = new byte[text.Length];
        // The platform passes over blanks; the standard does not.
        if (!text.AsSpan().ContainsAny(" \t\r\n") && Convert.TryFromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='), bytes, out var length)) return CelValue.Of(bytes[..length]);
        return CelValue.Error("illegal base64 data");
    }
}
