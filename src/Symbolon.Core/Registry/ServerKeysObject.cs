using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Symbolon.Core.Identity;

namespace Symbolon.Core.Registry;

/// <summary>
/// The keys by which the instances of a server prove themselves, and the codes with which another one may be enrolled. An object of its own, so that a key that
/// comes or goes is no new version of the server.
/// </summary>
public sealed record ServerKeysObject
{
    public const int MostInstances = 100;

    /// <summary>Of all that are in the list, those that were replaced or have run out included.</summary>
    public const int MostKept = 400;

    /// <summary>Codes that nobody has claimed and that have not run out.</summary>
    public const int MostOpenCodes = 20;

    public required ServerName Server { get; init; }

    /// <summary>In the order in which they were enrolled; no two with one key, nor two that are in use with one name.</summary>
    public ImmutableArray<ServerInstance> Instances { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<EnrolmentCode> Codes { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Those that get tokens, as long as nobody revokes their keys.</summary>
    public IEnumerable<ServerInstance> InUseAt(long now) => Instances.Where(instance => instance.IsInUseAt(now));

    [JsonIgnore]
    public ObjectKey Key => KeyOf(Server);

    public static ObjectKey KeyOf(ServerName server) => new(ObjectKind.ServerKeys, server.Value);
}

/// <summary>One running copy of a server, with a key that no other has. Times are microseconds since the Unix epoch.</summary>
public sealed record ServerInstance
{
    /// <summary>In the form of <see cref="ObjectName"/>.</summary>
    public required string Name { get; init; }

    /// <summary>RFC 7638; the <c>kid</c> of what it signs.</summary>
    public required string Thumbprint { get; init; }

    /// <summary>The public key, one JSON object (RFC 7517).</summary>
    public required string Jwk { get; init; }
    public required long EnrolledAt { get; init; }

    /// <summary>The administrator who gave the code; or the issuer and the subject by whose token it came, as <see cref="ByPlatform"/> writes them.</summary>
    public required string EnrolledBy { get; init; }

    /// <summary>Until then it counts, unless its platform says again that it is there; null for one that came with a code, which counts until it is replaced or revoked.</summary>
    public long? Until { get; init; }

    /// <summary>When another key took its place: it gets nothing any more, and what it has got runs out. Null for one that is in use.</summary>
    public long? ReplacedAt { get; init; }

    public bool IsInUseAt(long now) => ReplacedAt is null && !(Until <= now);

    public static string ByPlatform(IssuerName issuer, string subject) => $"issuer {issuer}: {subject}";
}

/// <summary>A code that enrols one key, once. Times are microseconds since the Unix epoch.</summary>
public sealed record EnrolmentCode
{
    /// <summary>SHA-256 of the code in hexadecimal digits.</summary>
    public required string Hash { get; init; }

    /// <summary>The name that the instance must have; null where it may choose one.</summary>
    public string? Instance { get; init; }
    public required long CreatedAt { get; init; }
    public required string CreatedBy { get; init; }
    public required long ExpiresAt { get; init; }
    public long? ClaimedAt { get; init; }

    /// <summary>Thumbprint of the key that claimed it.</summary>
    public string? ClaimedBy { get; init; }

    /// <summary>Two keys came with it: neither is taken, and nobody can tell which of them was the server.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsContested { get; init; }

    /// <summary>Whether it can still enrol a key.</summary>
    public bool IsOpenAt(long now) => ClaimedAt is null && now < ExpiresAt;
}
