using System.Text;
using Symbolon.Cel.Values;

namespace Symbolon.Cel.Functions;

/// <summary>The extension strings: parts of texts, by code points. doc/extensions, Strings.</summary>
internal static class Texts
{
    private static readonly CelValue NoOverload = CelValue.Of(CelError.NoOverload);
    private static readonly CelValue Cost = CelValue.Of(CelError.Cost);

    public static IEnumerable<CelFunction> All =>
    [
        new CelFunction("charAt").Add(CharAt, "string.(int) string"),
        new CelFunction("substring").Add((in CelValue text, in CelValue from, CelMeter meter) => Substring(text, from, null, meter), "string.(int) string")
            .Add((in CelValue text, in CelValue from, in CelValue to, CelMeter meter) => Substring(text, from, to, meter), "string.(int, int) string"),
        new CelFunction("lowerAscii").Add((in CelValue text, CelMeter meter) => Each(text, meter, char.IsAsciiLetterUpper, letter => (char)(letter | 0x20)), "string.() string"),
        new CelFunction("upperAscii").Add((in CelValue text, CelMeter meter) => Each(text, meter, char.IsAsciiLetterLower, letter => (char)(letter & ~0x20)), "string.() string"),
        new CelFunction("trim").Add((in CelValue text, CelMeter meter) => text.Kind != CelKind.String ? NoOverload : Touch(text, meter) ? CelValue.Of(text.AsText().Trim(Blanks)) : Cost, "string.() string"),
        new CelFunction("replace").Add((in CelValue text, in CelValue old, in CelValue with, CelMeter meter) => Replace(text, old, with, -1, meter), "string.(string, string) string")
            .Add((operands, meter) => operands.Length != 4 || operands[3].Kind != CelKind.Int ? NoOverload : Replace(operands[0], operands[1], operands[2], operands[3].AsInt, meter), "string.(string, string, int) string"),
        new CelFunction("split").Add((in CelValue text, in CelValue by, CelMeter meter) => Split(text, by, -1, meter), "string.(string) list<string>")
            .Add((in CelValue text, in CelValue by, in CelValue most, CelMeter meter) => most.Kind != CelKind.Int ? NoOverload : Split(text, by, most.AsInt, meter), "string.(string, int) list<string>"),
        new CelFunction("join").Add((in CelValue list, CelMeter meter) => Join(list, CelValue.Of(""), meter), "list<string>.() string").Add(Join, "list<string>.(string) string"),
        new CelFunction("strings.quote").Add(Quote, "(string) string"),
        new CelFunction("format").Add(TextFormat.Format, "string.(list<dyn>) string"),
    ];

    /// <summary>White space as Unicode has it.</summary>
    private static readonly char[] Blanks = [.. Enumerable.Range(0, 0xFFFF).Select(code => (char)code).Where(letter => char.IsWhiteSpace(letter) && letter is not ('\u180E' or (>= '\u001C' and <= '\u001F')))];

    private static CelValue CharAt(in CelValue text, in CelValue index, CelMeter meter)
    {
        if (text.Kind != CelKind.String || index.Kind != CelKind.Int) return NoOverload;
        if (!Touch(text, meter)) return Cost;
        var points = new CodePoints(text.AsText());
        if (!points.TryIndex(index, out var at, out var fault)) return fault;
        return CelValue.Of(at == points.Count ? "" : points.Slice(at, at + 1));
    }

    private static CelValue Substring(in CelValue text, in CelValue from, CelValue? to, CelMeter meter)
    {
        if (text.Kind != CelKind.String || from.Kind != CelKind.Int || to is { Kind: not CelKind.Int }) return NoOverload;
        if (!Touch(text, meter)) return Cost;
        var points = new CodePoints(text.AsText());
        if (!points.TryIndex(from, out var start, out var fault)) return fault;
        var end = points.Count;
        if (to is { } last && !points.TryIndex(last, out end, out fault)) return fault;
        return start <= end ? CelValue.Of(points.Slice(start, end)) : CelValue.Error($"invalid substring range. start: {start}, end: {end}");
    }

    private static CelValue Each(in CelValue text, CelMeter meter, Func<char, bool> isChanged, Func<char, char> change) =>
        text.Kind != CelKind.String ? NoOverload : !Touch(text, meter) ? Cost
        : CelValue.Of(string.Create(text.AsText().Length, text.AsText(), (to, from) =>
        {
            for (var i = 0; i < to.Length; i++) to[i] = isChanged(from[i]) ? change(from[i]) : from[i];
        }));

    /// <param name="most">How many; below 0: all.</param>
    private static CelValue Replace(in CelValue text, in CelValue old, in CelValue with, long most, CelMeter meter)
    {
        if (text.Kind != CelKind.String || old.Kind != CelKind.String || with.Kind != CelKind.String) return NoOverload;
        var (source, wanted, put) = (text.AsText(), old.AsText(), with.AsText());
        if (!meter.ChargeBytes(source.Length)) return Cost;
        var result = new StringBuilder(source.Length);
        var (at, done) = (0, 0L);
        var points = wanted.Length == 0 ? new CodePoints(source) : default;
        while (most < 0 || done < most)
        {
            // Nothing is found before each character, and at the end.
            var found = wanted.Length > 0 ? source.IndexOf(wanted, at, StringComparison.Ordinal) : done <= points.Count ? points.Start((int)done) : -1;
            if (found < 0) break;
            if (!meter.ChargeBytes(put.Length)) return Cost;
            result.Append(source, at, found - at).Append(put);
            at = found + wanted.Length;
            done++;
        }
        return CelValue.Of(result.Append(source, at, source.Length - at).ToString());
    }

    /// <param name="most">Parts; below 0: as many as there are.</param>
    private static CelValue Split(in CelValue text, in CelValue by, long most, CelMeter meter)
    {
        if (text.Kind != CelKind.String || by.Kind != CelKind.String) return NoOverload;
        var source = text.AsText();
        if (!meter.ChargeBytes(source.Length)) return Cost;
        if (most == 0) return CelValue.Of(CelArray.Empty);
        if (most == 1) return CelValue.ListOf(text);
        var limit = most < 0 ? int.MaxValue : (int)Math.Min(most, int.MaxValue);
        string[] parts = by.AsText() is { Length: > 0 } separator ? source.Split(separator, limit) : Letters(new CodePoints(source), limit);
        return meter.Charge(parts.Length) ? CelValue.ListOf([.. parts.Select(CelValue.Of)]) : Cost;
    }

    private static string[] Letters(CodePoints points, int limit) =>
        points.Count <= limit ? [.. points.Each()] : [.. points.Each().Take(limit - 1), points.Slice(limit - 1, points.Count)];

    private static CelValue Join(in CelValue list, in CelValue between, CelMeter meter)
    {
        if (list.Kind != CelKind.List || between.Kind != CelKind.String) return NoOverload;
        var (count, separator) = (Items.Count(list), between.AsText());
        var result = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            var item = Items.At(list, i);
            if (item.Kind != CelKind.String) return item.IsFault ? item : NoOverload;
            if (!meter.ChargeBytes(CelText.Size(item) + separator.Length)) return Cost;
            if (i > 0) result.Append(separator);
            result.Append(item.AsText());
        }
        return CelValue.Of(result.ToString());
    }

    private static CelValue Quote(in CelValue text, CelMeter meter)
    {
        if (text.Kind != CelKind.String) return NoOverload;
        if (!meter.ChargeBytes(2L * CelText.Size(text))) return Cost;
        var result = new StringBuilder("\"");
        foreach (var letter in text.AsText())
            _ = letter switch
            {
                '\a' => result.Append("\\a"),
                '\b' => result.Append("\\b"),
                '\f' => result.Append("\\f"),
                '\n' => result.Append("\\n"),
                '\r' => result.Append("\\r"),
                '\t' => result.Append("\\t"),
                '\v' => result.Append("\\v"),
                '\\' => result.Append("\\\\"),
                '"' => result.Append("\\\""),
                _ => result.Append(letter),
            };
        return CelValue.Of(result.Append('"').ToString());
    }

    private static bool Touch(in CelValue text, CelMeter meter) => meter.ChargeBytes(CelText.Size(text));
}
