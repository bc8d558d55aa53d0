namespace Symbolon.Core.Tools.Assessment;

/// <summary>What one part of a tool says: an effect that it has at least (null: says nothing of it), flags, and the reason.</summary>
internal sealed record Reading(Effect? Effect, ToolFlags Flags, string Why);

/// <summary>What a phrase that names an action amounts to.</summary>
internal abstract record Action
{
    private Action() { }

    public sealed record Known(Verb Verb) : Action;

    /// <summary>A verb that says nothing by itself.</summary>
    public sealed record Anything(Verb Verb) : Action;

    /// <summary>A noun-like verb leads and another word contradicts: the description may decide, else the verb counts.</summary>
    public sealed record Doubtful(Verb Verb) : Action;

    public sealed record Unclear : Action;
}
