using System.Collections.Immutable;

namespace Symbolon.Core.Resources;

/// <summary>Actions on the resources of one pattern: what a tool needs, or what a token is limited to.</summary>
/// <param name="Actions">By the rule of <see cref="ResourceAction"/>; at least one, each once.</param>
public sealed record ResourceNeed(ImmutableArray<string> Actions, ResourcePattern Resource)
{
    public const int MostActions = 16;

    /// <summary>One text for each action: <c>read:docs/*</c>.</summary>
    public IEnumerable<string> ToScopes()
    {
        var resource = Resource.Text;
        return Actions.Select(action => $"{action}:{resource}");
    }
}
