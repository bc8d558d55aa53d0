using Symbolon.Core.Resources;

namespace Symbolon.Core.Registry;

/// <summary>
/// What tools need behind their server, whatever they are called with: an argument stands for the <c>const</c> or <c>enum</c> that the tool's constraints hold
/// every call to, else for anything, and so does one that they let a call leave out. DESIGN.md section 4, Scopes.
/// </summary>
public static class ToolNeeds
{
    /// <summary>Values that one pattern is written out for; with more, its arguments stand for anything.</summary>
    private const int MostWritten = 64;

    public static ResourceSet Union(IEnumerable<ManifestTool> tools) => ResourceSet.Of(tools.SelectMany(tool => tool.Needs.SelectMany(need => Written(tool, need))));

    /// <summary>Whether for each need, by itself, there are arguments with which it is within the limits. Never where nobody has said what the tool needs.</summary>
    public static bool CanBeCalled(ManifestTool tool, ResourceSet limits) => !tool.Needs.IsEmpty && tool.Needs.All(need => Written(tool, need).Any(limits.CanCover));

    /// <summary>With each of its values in the place of an argument that has some; the others stay.</summary>
    private static IEnumerable<ResourceNeed> Written(ManifestTool tool, ResourceNeed need)
    {
        if (!need.Resource.Arguments.Any()) return [need];
        IEnumerable<Dictionary<string, string?>> all = [[]];
        var count = 1;
        foreach (var argument in need.Resource.Arguments)
        {
            if (NamedArgument.Of(tool, argument)?.Values is not { IsEmpty: false } values || values.Length > MostWritten / count) continue;
            count *= values.Length;
            all = all.SelectMany(before => values.Select(value => new Dictionary<string, string?>(before) { [argument] = value }));
        }
        return all.Select(values => need with { Resource = need.Resource.Bind(values, out _) ?? need.Resource });
    }
}
