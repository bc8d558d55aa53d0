using System.Text;
using Symbolon.Cel.Patterns;
using Symbolon.Cel.Values;

namespace Symbolon.Cel.Functions;

/// <summary>What is in a text, and where.</summary>
internal static class TextSearch
{
    private static readonly CelValue NoOverload = CelValue.Of(CelError.NoOverload);
    private static readonly CelValue Cost = CelValue.Of(CelError.Cost);

    public static IEnumerable<CelFunction> All =>
    [
        new CelFunction("contains").Add(Contains, "string.(string) bool"),
        new CelFunction("startsWith").Add(StartsWith, "string.(string) bool"),
        new CelFunction("endsWith").Add(EndsWith, "string.(string) bool"),
        new CelFunction("matches").Add(Matches, "(string, string) bool", "string.(string) bool"),
        new CelFunction("indexOf").Add((in CelValue text, in CelValue part, CelMeter meter) => IndexOf(text, part, CelValue.Of(0L), meter), "string.(string) int")
            .Add(IndexOf, "string.(string, int) int"),
        new CelFunction("lastIndexOf").Add((in CelValue text, in CelValue part, CelMeter meter) => LastIndexOf(text, part, null, meter), "string.(string) int")
            .Add((in CelValue text, in CelValue part, in CelValue from, CelMeter meter) => LastIndexOf(text, part, from, meter), "string.(string, int) int"),
    ];

    private static CelValue Contains(in CelValue text, in CelValue part, CelMeter meter) =>
        text.Kind != CelKind.String || part.Kind != CelKind.String ? NoOverload
        : !meter.ChargeBytes(CelText.Size(text)) ? Cost
        : text.IsUtf8 ? InUtf8(text, part, static (text, part) => text.IndexOf(part) >= 0)
        : CelValue.Of(text.AsText().Contains(part.AsText(), StringComparison.Ordinal));

    private static CelValue StartsWith(in CelValue text, in CelValue part, CelMeter meter) =>
        text.Kind != CelKind.String || part.Kind != CelKind.String ? NoOverload
        : !meter.ChargeBytes(CelText.Size(part)) ? Cost
        : text.IsUtf8 ? InUtf8(text, part, static (text, part) => text.StartsWith(part))
        : CelValue.Of(text.AsText().StartsWith(part.AsText(), StringComparison.Ordinal));

    private static CelValue EndsWith(in CelValue text, in CelValue part, CelMeter meter) =>
        text.Kind != CelKind.String || part.Kind != CelKind.String ? NoOverload
        : !meter.ChargeBytes(CelText.Size(part)) ? Cost
        : text.IsUtf8 ? InUtf8(text, part, static (text, part) => text.EndsWith(part))
        : CelValue.Of(text.AsText().EndsWith(part.AsText(), StringComparison.Ordinal));

    private delegate bool Test(ReadOnlySpan<byte> text, ReadOnlySpan<byte> part);

    private static CelValue InUtf8(in CelValue text, in CelValue part, Test test)
    {
        if (part.IsUtf8) return CelValue.Of(test(text.AsUtf8, part.AsUtf8));
        var wanted = part.AsText();
        if (wanted.Length > text.AsUtf8.Length) return CelValue.False;
        // No larger: it is cleared each time.
        Span<byte> room = stackalloc byte[96];
        var utf8 = 3 * wanted.Length <= room.Length ? room[..Encoding.UTF8.GetBytes(wanted, room)] : Encoding.UTF8.GetBytes(wanted);
        return CelValue.Of(test(text.AsUtf8, utf8));
    }

    private static CelValue Matches(in CelValue text, in CelValue pattern, CelMeter meter)
    {
        if (text.Kind != CelKind.String || pattern.Kind != CelKind.String) return NoOverload;
        // A pattern that comes with the data is made each time, which costs more than most texts, and a long one more than a short one.
        if (!meter.Charge(1000 + 10L * CelText.Size(pattern))) return Cost;
        return CelPattern.Parse(pattern.AsText(), out var fault) is { } parsed ? Matches(text, parsed, meter) : CelValue.Error($"no regular expression: {fault}");
    }

    public static CelValue Matches(in CelValue text, CelPattern pattern, CelMeter meter) =>
        text.Kind != CelKind.String ? NoOverload : meter.Charge(1 + CelText.Size(text) / 4 * (1L + pattern.Size / 64)) ? CelValue.Of(pattern.IsMatch(text.AsText())) : Cost;

    private static CelValue IndexOf(in CelValue text, in CelValue part, in CelValue from, CelMeter meter)
    {
        if (text.Kind != CelKind.String || part.Kind != CelKind.String || from.Kind != CelKind.Int) return NoOverload;
        if (!meter.ChargeBytes(CelText.Size(text))) return Cost;
        var points = new CodePoints(text.AsText());
        if (!points.TryIndex(from, out var start, out var fault)) return fault;
        var found = points.Text.IndexOf(part.AsText(), points.Start(start), StringComparison.Ordinal);
        return CelValue.Of(found < 0 ? -1L : points.IndexOf(found));
    }

    private static CelValue LastIndexOf(in CelValue text, in CelValue part, CelValue? from, CelMeter meter)
    {
        if (text.Kind != CelKind.String || part.Kind != CelKind.String || from is { Kind: not CelKind.Int }) return NoOverload;
        if (!meter.ChargeBytes(CelText.Size(text))) return Cost;
        var (points, wanted) = (new CodePoints(text.AsText()), part.AsText());
        var last = points.Count;
        if (from is { } given && !points.TryIndex(given, out last, out var fault)) return fault;
        for (var start = points.Start(last); start >= 0; start--)
            if (string.CompareOrdinal(points.Text, start, wanted, 0, wanted.Length) == 0 && start + wanted.Length <= points.Text.Length && points.IndexOf(start) >= 0)
                return CelValue.Of((long)points.IndexOf(start));
        return CelValue.Of(-1L);
    }
}
