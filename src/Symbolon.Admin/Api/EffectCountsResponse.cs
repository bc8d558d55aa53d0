using Symbolon.Core.Registry;
using Symbolon.Core.Tools;

namespace Symbolon.Admin.Api;

/// <summary>How many tools do what.</summary>
public sealed record EffectCountsResponse(int Read, int Write, int Irreversible)
{
    internal static EffectCountsResponse Of(IReadOnlyCollection<ManifestTool> tools) => new(
        tools.Count(tool => tool.Effect == Effect.Read), tools.Count(tool => tool.Effect == Effect.Write), tools.Count(tool => tool.Effect == Effect.Irreversible));
}
