using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Symbolon.Core.Identity;

namespace Symbolon.Core.Registry;

/// <summary>
/// A foreign issuer that is trusted for some of its subjects: a Kubernetes cluster, a CI, a SPIFFE trust domain. Its tokens count in place of a key that somebody would have
/// to keep. DESIGN.md section 4, Files.
/// </summary>
public sealed record IssuerObject
{
    public const int MostSubjects = 50;
    public const int MostKeys = 20;
    public const long UsualTtl = 3600;
    public const long LeastTtl = 60;
    public const long MostTtl = 24 * 3600;

    public required IssuerName Name { get; init; }

    /// <summary>Its tokens' <c>iss</c>, letter by letter; null only for a trust domain whose tokens have none.</summary>
    public string? Issuer { get; init; }

    /// <summary>For JWT-SVIDs: every subject is a SPIFFE ID of this domain. Null for any other issuer.</summary>
    public string? TrustDomain { get; init; }

    /// <summary>The one audience that its tokens must have.</summary>
    public required string Audience { get; init; }

    /// <summary>Whom it is trusted for; anybody else it names counts for nothing here.</summary>
    public ImmutableArray<SubjectPattern> Subjects { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Seconds from the issue of a token to its end, at most.</summary>
    public long MaxTtlSeconds { get; init; } = UsualTtl;

    /// <summary>Its public keys, one JWK each; empty where they are fetched.</summary>
    public ImmutableArray<string> Keys { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Where its keys are fetched; null where they are given, or where its own metadata says it.</summary>
    public string? KeysUri { get; init; }

    /// <summary>Microseconds since the Unix epoch; set once when it is retired, for good. Nobody gets in by it then.</summary>
    public long? RetiredAt { get; init; }

    /// <summary>Why and by whom it was retired.</summary>
    public StateChange? LastChange { get; init; }

    /// <summary>What every subject of the trust domain starts with; null where there is no such domain.</summary>
    [JsonIgnore]
    public string? SpiffePrefix => TrustDomain is null ? null : SpiffePrefixOf(TrustDomain);

    public static string SpiffePrefixOf(string trustDomain) => $"spiffe://{trustDomain}/";

    public bool IsTrustedFor(string subject) => Subjects.Any(pattern => pattern.Matches(subject));
}
