using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Symbolon.Core.Identity;

namespace Symbolon.Core.Registry;

/// <summary>What agents and workflows have alike: an owner and a lifecycle. While not active, its tokens are refused.</summary>
public abstract record IdentityObject
{
    public required string Owner { get; init; }
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Its public keys, one JWK each (RFC 7517); with one it is a client of OAuth and gets its tokens by itself. No two have one thumbprint or one <c>kid</c>.</summary>
    public ImmutableArray<string> Keys { get; init; } = [];

    /// <summary>Whose tokens of foreign issuers make it a client too, without a key of its own.</summary>
    public ImmutableArray<FederatedSubject> Federation { get; init => field = value.IsDefault ? [] : value; } = [];
    public Lifecycle State { get; init; } = Lifecycle.Active;
    public StateChange? LastChange { get; init; }

    /// <summary>The identity of each of <see cref="Keys"/> (RFC 7638).</summary>
    [JsonIgnore]
    public IReadOnlyList<string> KeyThumbprints => PublicKeys.Thumbprints(Keys);

    public abstract ObjectKey Key { get; }
}

/// <summary>A program that acts for people.</summary>
public sealed record AgentObject : IdentityObject
{
    public required AgentName Name { get; init; }

    public override ObjectKey Key => new(ObjectKind.Agent, Name.Value);
}

/// <summary>A job that runs on its own.</summary>
public sealed record WorkflowObject : IdentityObject
{
    public required WorkflowName Name { get; init; }

    public override ObjectKey Key => new(ObjectKind.Workflow, Name.Value);
}

/// <summary>The tenant itself: its ceiling for token lifetimes.</summary>
public sealed record OrganisationObject
{
    public required OrganisationId Id { get; init; }

    /// <summary>Seconds. More than this is refused at issue, not clipped. Default 90 days.</summary>
    public long MaxTokenTtlSeconds { get; init; } = 90 * 24 * 3600;
}
