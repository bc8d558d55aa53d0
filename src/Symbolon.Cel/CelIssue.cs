namespace Symbolon.Cel;

/// <summary>What is wrong with an expression, and where.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1, in UTF-16 units.</param>
/// <param name="Code">One of <see cref="CelIssueCode"/>.</param>
public sealed record CelIssue(int Line, int Column, string Code, string Message)
{
    public override string ToString() => $"{Line}:{Column}: {Message}";
}

/// <summary>The kinds of <see cref="CelIssue"/>.</summary>
public static class CelIssueCode
{
    /// <summary>No expression by the grammar.</summary>
    public const string Syntax = "syntax";

    /// <summary>Longer, deeper or larger than <see cref="CelLimits"/> lets it be.</summary>
    public const string TooLarge = "too_large";

    /// <summary>A variable, function or member that is not there.</summary>
    public const string Unknown = "unknown_name";

    /// <summary>No overload for these types.</summary>
    public const string Type = "wrong_type";

    /// <summary>A regular expression, address or other literal that cannot be used.</summary>
    public const string BadValue = "bad_value";
}

/// <summary>An expression that cannot be compiled.</summary>
public sealed class CelException(IReadOnlyList<CelIssue> issues) : Exception(string.Join("\n", issues))
{
    public IReadOnlyList<CelIssue> Issues { get; } = issues;
}

/// <summary>Bounds: what is longer or deeper is refused when it is compiled, what costs more ends with an error when it runs.</summary>
public sealed record CelLimits
{
    public static readonly CelLimits Default = new();

    /// <summary>UTF-16 units of an expression.</summary>
    public int Length { get; init; } = 65_536;

    /// <summary>Levels of nesting.</summary>
    public int Depth { get; init; } = 200;

    /// <summary>Parts of an expression, once its macros are expanded.</summary>
    public int Nodes { get; init; } = 20_000;

    /// <summary>Steps of one evaluation: nodes within loops, elements visited, and blocks of 16 bytes that functions touch.</summary>
    public long Cost { get; init; } = 1_000_000;
}
