using System.Collections.Frozen;
using System.Text;
using Symbolon.Core.Registry;
using Symbolon.Core.Tools;
using Symbolon.Gateway.Mcp;
using Symbolon.Jose.Json;

namespace Symbolon.Gateway.Upstreams;

/// <summary>The tools of the manifest that an upstream lists in one era, as last seen. Immutable.</summary>
internal sealed class LiveTools(IEnumerable<LiveTool> tools)
{
    public static readonly LiveTools None = new([]);

    private readonly FrozenDictionary<string, LiveTool> byName = tools.ToFrozenDictionary(tool => tool.Name, StringComparer.Ordinal);

    public LiveTool? this[string name] => byName.GetValueOrDefault(name);

    public IEnumerable<LiveTool> All => byName.Values;

    /// <summary>Whether any of them is not the reviewed definition. Found out once: it is asked on every list that passes by.</summary>
    public bool HasUnreviewed { get; } = tools.Any(tool => tool.Unreviewed is not null);

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
/// <param name="Unreviewed">The tool's JSON object where it is not the reviewed definition; null for the others, which are known.</param>
internal sealed record LiveTool(string Name, string Digest, ToolInput Input, string? Unreviewed)
{
    public static LiveTool Of(JsonValue tool, ToolDigest digest, ManifestTool reviewed, Era era) => new(
        digest.Name.Value, digest.Text, ToolInput.Of(tool),
        reviewed.Digests.For(era) is { } known && !string.Equals(known, digest.Text, StringComparison.Ordinal) ? Encoding.UTF8.GetString(tool.Raw) : null);
}
