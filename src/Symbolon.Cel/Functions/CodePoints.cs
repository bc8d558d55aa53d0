using Symbolon.Cel.Values;

namespace Symbolon.Cel.Functions;

/// <summary>A text by its code points: what <c>charAt(2)</c> counts.</summary>
internal readonly struct CodePoints
{
    /// <summary>Where each begins, and the end; null where each is one UTF-16 unit.</summary>
    private readonly int[]? starts;

    public CodePoints(string text)
    {
        Text = text;
        Count = text.Length;
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF')) return;
        var found = new List<int>(text.Length + 1);
        for (var i = 0; i < text.Length; i++)
            if (!char.IsLowSurrogate(text[i])) found.Add(i);
        Count = found.Count;
        found.Add(text.Length);
        starts = [.. found];
    }

    public string Text { get; }

    public int Count { get; }

    /// <summary>Where it begins in the text; of <see cref="Count"/> the end.</summary>
    public int Start(int index) => starts is null ? index : starts[index];

    /// <summary>Which one begins there.</summary>
    public int IndexOf(int start) => starts is null ? start : Array.BinarySearch(starts, start);

    public string Slice(int from, int to) => Text[Start(from)..Start(to)];

    public IEnumerable<string> Each()
    {
        for (var i = 0; i < Count; i++) yield return Slice(i, i + 1);
    }

    /// <returns>False, and an error, for an index beyond the text.</returns>
    public bool TryIndex(in CelValue value, out int index, out CelValue fault)
    {
        index = 0;
        fault = default;
        if (value.AsInt < 0 || value.AsInt > Count)
        {
            fault = CelValue.Error($"index out of range: {value.AsInt}");
            return false;
        }
        index = (int)value.AsInt;
        return true;
    }
}
