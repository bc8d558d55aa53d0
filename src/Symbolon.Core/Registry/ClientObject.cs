using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Symbolon.Core.Identity;

namespace Symbolon.Core.Registry;

/// <summary>
/// A confidential client that an administrator registered: it proves itself by one of its keys, or, marked legacy, by a secret; acting for itself it
/// is the agent or workflow that it names.
/// </summary>
public sealed record ClientObject
{
    /// <summary>Its <c>client_id</c>, in the form of <see cref="ObjectName"/>.</summary>
    public required string Name { get; init; }
    public required string Owner { get; init; }

    /// <summary>Whom it is when it acts for itself; exactly one of the two.</summary>
    public AgentName? Agent { get; init; }
    public WorkflowName? Workflow { get; init; }

    /// <summary>Public keys, one JWK each.</summary>
    public ImmutableArray<string> Keys { get; init; } = [];

    /// <summary>SHA-256 of the secret in hexadecimal digits, for a client that is marked legacy; null for all others.</summary>
    public string? SecretHash { get; init; }
    public Lifecycle State { get; init; } = Lifecycle.Active;
    public StateChange? LastChange { get; init; }

    [JsonIgnore]
    public bool IsLegacy => SecretHash is not null;

    [JsonIgnore]
    public ObjectKey Key => KeyOf(Name);

    public static ObjectKey KeyOf(string name) => new(ObjectKind.Client, name);
}
