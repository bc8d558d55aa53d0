using System.Collections.Immutable;
using Symbolon.Core.Identity;

namespace Symbolon.Core.Registry;

/// <summary>An agent (a program that acts for people) with an owner and a lifecycle. While not active, its tokens are refused.</summary>
public sealed record AgentObject
{
    public required AgentName Name { get; init; }
    public required string Owner { get; init; }
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
    public Lifecycle State { get; init; } = Lifecycle.Active;
    public StateChange? LastChange { get; init; }
}

/// <summary>A workflow (a job that runs on its own), with the same form and rules as an agent.</summary>
public sealed record WorkflowObject
{
    public required WorkflowName Name { get; init; }
    public required string Owner { get; init; }
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
    public Lifecycle State { get; init; } = Lifecycle.Active;
    public StateChange? LastChange { get; init; }
}

/// <summary>The tenant itself: its ceiling for token lifetimes.</summary>
public sealed record OrganisationObject
{
    public required OrganisationId Id { get; init; }

    /// <summary>Seconds. More than this is refused at issue, not clipped. Default 90 days.</summary>
    public long MaxTokenTtlSeconds { get; init; } = 90 * 24 * 3600;
}
