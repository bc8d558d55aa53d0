namespace Symbolon.Core.Policy;

/// <summary>The answer to "may this caller call this tool now".</summary>
public abstract record Decision
{
    private Decision() { }

    /// <summary>Allowed, by this scope of the token (e.g. <c>mcp:deploy:rollout_status</c>) and this grant.</summary>
    public sealed record Allow(string Scope, string Grant) : Decision;

    /// <summary>Refused.</summary>
    /// <param name="Code">Why.</param>
    /// <param name="Needs">The scope that would be needed, where telling it reveals nothing; else null.</param>
    /// <param name="IsBeyondLimits">Scope and grant would do, but no argument keeps the tool within the resources that the token is limited to.</param>
    public sealed record Deny(ReasonCode Code, string? Needs = null, bool IsBeyondLimits = false) : Decision;
}
