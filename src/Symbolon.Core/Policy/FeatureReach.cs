namespace Symbolon.Core.Policy;

/// <summary>The decision about prompts or resources for one token, made ahead of the call as a <see cref="ToolReach"/> is. Both are read: what a server gives of them changes nothing.</summary>
public sealed class FeatureReach
{
    internal FeatureReach(Decision decision) => Decision = decision;

    /// <summary>
    /// By the scope <c>mcp:SERVER:@prompts</c>, <c>@resources</c> or <c>@granted</c>, and a grant; or <see cref="ReasonCode.NotGranted"/>, <see cref="ReasonCode.InsufficientScope"/> or
    /// <see cref="ReasonCode.ProofRequired"/>. Nothing is told of a server that conceals: what is out of reach is not granted there.
    /// </summary>
    public Decision Decision { get; }

    public bool IsAllowed => Decision is Decision.Allow;
}
