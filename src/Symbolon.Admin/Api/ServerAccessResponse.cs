using Symbolon.Core.Registry;
using Symbolon.Core.Tools;

namespace Symbolon.Admin.Api;

/// <summary>What of one server a grant or a token names: a union; all empty means nothing.</summary>
/// <param name="Effects">Classes: <c>read</c>, <c>write</c>, <c>irreversible</c>.</param>
/// <param name="All">All that the holder's grants allow at the time of the call; tokens only.</param>
public sealed record ServerAccessResponse(string Name, IReadOnlyList<string> Tools, IReadOnlyList<string> Effects, bool All)
{
    /// <summary>Of a grant: names of prompts, <c>*</c> for any.</summary>
    public IReadOnlyList<string> Prompts { get; init; } = [];

    /// <summary>Of a grant: patterns of the URIs of resources, <c>*</c> for any.</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];

    /// <summary>Of a token: all prompts that the holder's grants allow at the time of the call (<c>@prompts</c>).</summary>
    public bool AllPrompts { get; init; }

    /// <summary>Of a token: all resources that the holder's grants allow at the time of the call (<c>@resources</c>).</summary>
    public bool AllResources { get; init; }

    internal static ServerAccessResponse Of(ServerAccess access) => new(
        access.Server.Value, [.. access.Tools.Select(tool => tool.Value)], [.. access.Effects.Select(effect => effect.ToText())], access.Granted)
    {
        Prompts = access.Prompts,
        Resources = [.. access.Resources.Select(pattern => pattern.Text)],
        AllPrompts = access.AllPrompts,
        AllResources = access.AllResources,
    };
}
