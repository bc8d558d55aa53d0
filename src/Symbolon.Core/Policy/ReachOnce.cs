namespace Symbolon.Core.Policy;

/// <summary>A <see cref="ServerReach"/> for who looks at each part once.</summary>
public sealed class ReachOnce
{
    private readonly Dictionary<string, ToolReach> tools;
    private readonly Lazy<FeatureTable> features;

    internal ReachOnce(Dictionary<string, ToolReach> tools, Lazy<FeatureTable> features) => (this.tools, this.features) = (tools, features);

    /// <param name="tool">In the approved manifest.</param>
    public ToolReach this[string tool] => tools[tool];

    /// <summary>Names of prompts that may be got, or <c>*</c> for any.</summary>
    public IEnumerable<string> Prompts => features.Value.AllowedPrompts;

    /// <summary>Patterns of the URIs of resources that may be read.</summary>
    public IEnumerable<string> Resources => features.Value.AllowedResources;
}
