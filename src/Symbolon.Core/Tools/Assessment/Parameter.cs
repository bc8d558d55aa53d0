using System.Collections.Immutable;

namespace Symbolon.Core.Tools.Assessment;

/// <summary>One named value that a caller chooses, at whatever depth of the schema.</summary>
internal sealed record Parameter
{
    public const int LongestShown = 40;

    public required string Name { get; init; }
    public required ImmutableArray<string> Words { get; init; }
    public required FoldedText Description { get; init; }

    /// <summary>JSON types that the schema names; empty means any.</summary>
    public required ImmutableArray<string> Types { get; init; }

    /// <summary>The values that the schema allows; empty where it leaves them free.</summary>
    public required ImmutableArray<string> Values { get; init; }

    public bool IsFree => Values.IsEmpty;

    /// <summary>The name as a reason shows it.</summary>
    public string Shown => Cut(Name);

    public static string Cut(string text) => text.Length <= LongestShown ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[LongestShown - 1]) ? LongestShown - 1 : LongestShown), "…");
}

/// <param name="IsWhole">False when the schema has more than is read: what is behind that is unclear.</param>
internal sealed record ParameterList(ImmutableArray<Parameter> All, bool IsWhole);
