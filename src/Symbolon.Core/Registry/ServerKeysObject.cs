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

    /// <summary>For so long a key that has vouched for its successor still gets tokens, so that what is under way does not fail. Microseconds.</summary>
    public const long Overlap = 5 * 60 * 1_000_000L;

    /// <summary>Those that get tokens at a time: the ones in use, and for a while those that they have replaced by themselves.</summary>
    public IEnumerable<ServerInstance> AskingAt(long now) => Instances.Where(instance => IsAskingAt(instance, now));

    /// <summary>A code or a platform that puts another key in its place may do so because it was stolen: then it gets nothing at once, with all that came before it.</summary>
    private bool IsAskingAt(ServerInstance instance, long now) => instance.ReplacedAt is { } at
        ? now < at + Overlap && SuccessorOf(instance) is { } successor && IsAskingAt(successor, now) : instance.IsInUseAt(now);

    /// <summary>Those that get nothing any more since another has their word, as long as a key does that stands on it: one that vouches again was stolen.</summary>
    public IEnumerable<ServerInstance> FormerAt(long now)
    {
        var vouched = new HashSet<string>(StringComparer.Ordinal);
        // A successor stands behind its predecessor.
        foreach (var each in Instances.Reverse())
        {
            var isAsking = IsAskingAt(each, now);
            if (!isAsking && !vouched.Contains(each.Thumbprint)) continue;
            if (each.Predecessor is { } predecessor) vouched.Add(predecessor);
            if (!isAsking) yield return each;
        }
    }

    /// <summary>The key that this one has vouched for; null for none.</summary>
    public ServerInstance? SuccessorOf(ServerInstance instance) => Instances.FirstOrDefault(each => each.Predecessor == instance.Thumbprint);

    /// <summary>With one more, which takes the place of the one in use that has its name.</summary>
    public ImmutableArray<ServerInstance> InstancesWith(ServerInstance instance, long now) =>
        [.. Instances.Select(each => each.Name == instance.Name && each.ReplacedAt is null ? each with { ReplacedAt = now } : each), instance];

    /// <summary>A key, and all that it and they have vouched for: whoever stole the first has made the others.</summary>
    public ImmutableArray<ServerInstance> WithSuccessors(string thumbprint)
    {
        var found = ImmutableArray.CreateBuilder<ServerInstance>();
        // A successor stands behind its predecessor.
        foreach (var each in Instances)
            if (each.Thumbprint == thumbprint || each.Predecessor == thumbprint || found.Any(one => one.Thumbprint == each.Predecessor)) found.Add(each);
        return found.ToImmutable();
    }

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

    /// <summary>The administrator who gave the code; or the issuer and the subject by whose token it came, as <see cref="ByPlatform"/> writes them; <c>server:NAME</c> where the instance has replaced its own key.</summary>
    public required string EnrolledBy { get; init; }

    /// <summary>Until then it counts, unless its platform says again that it is there; null for one that came with a code, which counts until it is replaced or revoked.</summary>
    public long? Until { get; init; }

    /// <summary>Thumbprint of the instance's key before, which has vouched for this one; null where a code has.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Predecessor { get; init; }

    /// <summary>When it gets no more tokens, as an administrator has ordered; null for no such order. Its age may end it earlier.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? ReplaceBy { get; init; }

    /// <summary>When another key took its place: what it has got runs out, and it gets more for a while only where it has vouched for that key itself. Null for one that is in use.</summary>
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
