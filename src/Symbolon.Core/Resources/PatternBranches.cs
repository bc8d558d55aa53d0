namespace Symbolon.Core.Resources;

/// <summary>What follows a place of a <see cref="PatternTree"/>, by the text of the segment. Most places have one, which needs no table.</summary>
internal struct PatternBranches
{
    private string? text;
    private PatternTree? single;
    private Dictionary<string, PatternTree>? several;

    /// <summary>The length of the shortest text; more than any where there is none.</summary>
    public int Shortest { get; private set; } = int.MaxValue;

    public PatternBranches()
    {
    }

    /// <summary>No other text than that of <see cref="Shortest"/>.</summary>
    public readonly bool IsSingle => several is null;

    public readonly PatternTree? Find(ReadOnlySpan<char> of) =>
        several is not null ? several.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(of, out var found) ? found : null
        : text is not null && of.SequenceEqual(text) ? single : null;

    /// <summary>The place behind a text, made where there is none yet.</summary>
    public PatternTree Open(string of)
    {
        if (Find(of) is { } known) return known;
        var made = new PatternTree();
        Shortest = Math.Min(Shortest, of.Length);
        if (several is null && text is null)
        {
            (text, single) = (of, made);
            return made;
        }
        several ??= new Dictionary<string, PatternTree>(StringComparer.Ordinal) { [text!] = single! };
        several[of] = made;
        return made;
    }
}
