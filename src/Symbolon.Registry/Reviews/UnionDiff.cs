using System.Collections.Immutable;
using Symbolon.Core.Resources;

namespace Symbolon.Registry.Reviews;

/// <summary>How the union of a manifest differs from the envelope, as scopes of resources: <c>read:docs/*</c>.</summary>
/// <param name="Added">Parts that the envelope does not cover; with none the union is inside it.</param>
/// <param name="Removed">Parts of the envelope that the union no longer covers.</param>
/// <param name="Kept">The other parts of the union.</param>
public sealed record UnionDiff(ImmutableArray<string> Added, ImmutableArray<string> Removed, ImmutableArray<string> Kept)
{
    public static UnionDiff Between(ResourceSet envelope, ResourceSet union) => new(
        [.. Scopes(union, envelope, isCovered: false)], [.. Scopes(envelope, union, isCovered: false)], [.. Scopes(union, envelope, isCovered: true)]);

    public bool IsInside => Added.IsEmpty;

    private static IEnumerable<string> Scopes(ResourceSet of, ResourceSet other, bool isCovered) =>
        from need in of.Needs
        from action in need.Actions
        where other.Covers(action, need.Resource) == isCovered
        select $"{action}:{need.Resource}";
}
