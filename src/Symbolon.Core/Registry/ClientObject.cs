using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Symbolon.Core.Identity;

namespace Symbolon.Core.Registry;

/// <summary>
/// A client that an administrator registered. A confidential one proves itself by one of its keys, or, marked legacy, by a secret; acting for itself
/// it is the agent or workflow that it names. A public one has neither and only acts for people.
/// </summary>
public sealed record ClientObject
{
    /// <summary>Its <c>client_id</c>, in the form of <see cref="ObjectName"/>.</summary>
    public required string Name { get; init; }
    public required string Owner { get; init; }

    /// <summary>Whom it is when it acts for itself, and who acts beside the person when it acts for one; at most one of the two.</summary>
    public AgentName? Agent { get; init; }
    public WorkflowName? Workflow { get; init; }

    /// <summary>Public keys, one JWK each.</summary>
    public ImmutableArray<string> Keys { get; init; } = [];

    /// <summary>SHA-256 of the secret in hexadecimal digits, for a client that is marked legacy; null for all others.</summary>
    public string? SecretHash { get; init; }

    /// <summary>Where people may be sent back to with an answer; empty for a client that never acts for people.</summary>
    public ImmutableArray<string> Redirects { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>
    /// The API that it is, in the form of <see cref="Files.ApiAudience"/>: it may ask about tokens for that audience (RFC 7662) and be told what is revoked. Null for any other client.
    /// </summary>
    public string? Audience { get; init; }

    /// <summary>How it is told security events; null where it is told none. Only for an API.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ClientEvents? Events { get; init; }

    /// <summary>It gets no token but those that are bound to its key (RFC 9449 §5.2, <c>dpop_bound_access_tokens</c>).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool DpopBound { get; init; }

    /// <summary>Its requests count only where it has pushed them (RFC 9126 §5, <c>require_pushed_authorization_requests</c>).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool MustPush { get; init; }
    public Lifecycle State { get; init; } = Lifecycle.Active;
    public StateChange? LastChange { get; init; }

    [JsonIgnore]
    public bool IsLegacy => SecretHash is not null;

    /// <summary>It can prove itself by nothing.</summary>
    [JsonIgnore]
    public bool IsPublic => SecretHash is null && Keys.IsEmpty;

    [JsonIgnore]
    public ObjectKey Key => KeyOf(Name);

    public static ObjectKey KeyOf(string name) => new(ObjectKind.Client, name);
}
