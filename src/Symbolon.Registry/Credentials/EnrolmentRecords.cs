using System.Text.Json;
using System.Text.Json.Serialization;
using Symbolon.Core;
using Symbolon.Core.Announcements;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;

namespace Symbolon.Registry.Credentials;

/// <summary>What is written when keys of a server come, and when two come where one should.</summary>
public sealed class EnrolmentRecords(Configuration configuration, EventClock events, TimeProvider clock)
{
    public AuditEvent Of(OrganisationId organisation, ServerName server, string? peer, string action, bool isAllowed) => new()
    {
        Kind = AuditKind.Enrolment, Organisation = organisation, Time = clock.Microseconds(), By = ClientId.Of(server).Value, Peer = peer,
        Server = server.Value, Target = $"Server/{server}", Action = action, Allowed = isAllowed, Code = isAllowed ? null : ReasonCode.Unauthenticated,
    };

    /// <summary>A key is enrolled once, by whatever way and node: the store's row says so.</summary>
    /// <param name="until">After which the store may forget it, microseconds; null for never.</param>
    public static ProofUse Once(OrganisationId organisation, string thumbprint, long? until = null) =>
        ProofUse.Of(organisation, "enrolled key", thumbprint, until ?? UnixTime.ToMicroseconds(DateTimeOffset.MaxValue));

    /// <summary>What is used up by it, in the one order in which everybody writes such rows: no two wait for each other.</summary>
    /// <param name="once">The row of the key that comes by it; null where none does.</param>
    public static IReadOnlyList<Change.UseProof> Uses(IEnumerable<ProofUse> shown, ProofUse? once) =>
        [.. (once is null ? shown : shown.Append(once)).Order(Comparer<ProofUse>.Create((one, other) => one.CompareTo(other))).Select(use => new Change.UseProof(use))];

    /// <summary>Nobody can tell which of two keys is the server's: the one that was there ends with all that it has vouched for, the other is not taken, and the owner is told.</summary>
    public (ServerKeysObject Next, IReadOnlyList<Change> Beside) Contest(OrganisationId organisation, ServerKeysObject keys, string enrolled, string refused)
    {
        var (next, ends) = End(keys, enrolled);
        var owner = JsonSerializer.Serialize(configuration.Server(organisation, keys.Server)?.Owner, NewsJson.Default.String);
        var news = new Change.Announce(AnnouncementType.EnrolmentContested, keys.Server.Value,
            $$"""{"owner":{{owner}},"revokedKey":"{{enrolled}}","refusedKey":"{{refused}}","at":{{clock.Microseconds() / 1_000_000}}}""");
        return (next, [.. ends, news]);
    }

    /// <summary>Without a key and those that it has vouched for, whose tokens die.</summary>
    public (ServerKeysObject Next, IReadOnlyList<Change> Beside) End(ServerKeysObject keys, string thumbprint)
    {
        var ended = keys.WithSuccessors(thumbprint).Select(each => each.Thumbprint).Append(thumbprint).ToHashSet();
        return (keys with { Instances = keys.Instances.RemoveAll(each => ended.Contains(each.Thumbprint)) },
            [.. ended.Order(StringComparer.Ordinal).Select(each => new Change.RaiseEpoch(RevocationLevel.Key, each, events.Next()))]);
    }
}

[JsonSerializable(typeof(string))]
internal sealed partial class NewsJson : JsonSerializerContext;
