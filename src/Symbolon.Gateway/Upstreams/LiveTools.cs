using System.Collections.Frozen;
using Symbolon.Gateway.Mcp;

namespace Symbolon.Gateway.Upstreams;

/// <summary>The tools of the manifest that an upstream lists in one era, as last seen. Immutable.</summary>
internal sealed class LiveTools(IEnumerable<LiveTool> tools)
{
    public static readonly LiveTools None = new([]);

    private readonly FrozenDictionary<string, LiveTool> byName = tools.ToFrozenDictionary(tool => tool.Name, StringComparer.Ordinal);

    public LiveTool? this[string name] => byName.GetValueOrDefault(name);

    public IEnumerable<LiveTool> All => byName.Values;

    /// <summary>With these definitions in the place of what was known under their names; itself when nothing differs.</summary>
    public LiveTools With(List<LiveTool> seen)
    {
        if (seen.TrueForAll(tool => this[tool.Name] is { } known && known.Digest == tool.Digest)) return this;
        var merged = new Dictionary<string, LiveTool>(byName, StringComparer.Ordinal);
        foreach (var tool in seen) merged[tool.Name] = tool;
        return new LiveTools(merged.Values);
    }
}

/// <summary>One listed definition: its digest, and what calls of it are checked against.</summary>
internal sealed record LiveTool(string Name, string Digest, ToolInput Input);
