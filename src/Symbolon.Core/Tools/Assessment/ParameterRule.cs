using System.Collections.Immutable;

namespace Symbolon.Core.Tools.Assessment;

/// <summary>What a parameter of this name says of its tool. The rules' file tells how each member is matched.</summary>
internal sealed record ParameterRule
{
    public required NamePattern Names { get; init; }
    public ImmutableArray<string> Types { get; init; } = [];

    /// <summary>Only where no list bounds the values.</summary>
    public bool Free { get; init; }

    /// <summary>One of these stands in the tool's name or first sentence, or beside the parameter.</summary>
    public PhraseList? Text { get; init; }

    /// <summary>One of these stands in the parameter's own description.</summary>
    public PhraseList? ParameterText { get; init; }

    /// <summary>None of these stands beside the parameter.</summary>
    public PhraseList? UnlessText { get; init; }

    /// <summary>None of the tool's parameters is called so.</summary>
    public NamePattern? Unless { get; init; }
    public Effect? Effect { get; init; }
    public ToolFlags Flags { get; init; }
    public required string Why { get; init; }

    /// <param name="saidOfTool">Whether <see cref="Text"/> stands in the tool's name or first sentence.</param>
    public bool Matches(Parameter parameter, bool saidOfTool) =>
        Names.Matches(parameter.Words)
        && (!Free || parameter.IsFree)
        && (Types.IsEmpty || parameter.Types.IsEmpty || Types.Any(type => parameter.Types.Contains(type)))
        && (Text is null || saidOfTool || Text.In(parameter.Description.Words) is not null || Text.In(parameter.Words) is not null)
        && (ParameterText is null || ParameterText.In(parameter.Description.Words) is not null)
        && (UnlessText is null || (UnlessText.In(parameter.Description.Words) is null && UnlessText.In(parameter.Words) is null));
}
