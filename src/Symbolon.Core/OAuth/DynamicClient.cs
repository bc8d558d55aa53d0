using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Symbolon.Core.OAuth;

/// <summary>A public client that registered itself (RFC 7591). Times are microseconds since the Unix epoch.</summary>
public sealed record DynamicClient
{
    /// <summary><c>dyn:</c> and 22 base62 digits.</summary>
    public required ClientId Id { get; init; }

    /// <summary>As it calls itself.</summary>
    public required string Name { get; init; }
    public required ImmutableArray<string> Redirects { get; init; }

    /// <summary>It gets no token but those that are bound to its key (RFC 9449 §5.2).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool DpopBound { get; init; }

    /// <summary>Its requests count only where it has pushed them (RFC 9126 §5, <c>require_pushed_authorization_requests</c>).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool MustPush { get; init; }
    public required long CreatedAt { get; init; }
}
