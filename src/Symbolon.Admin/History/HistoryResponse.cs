using Symbolon.Admin.Api;
using Symbolon.Core;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Snapshot;
using Symbolon.Registry.Apply;

namespace Symbolon.Admin.History;

/// <summary>One version of an object.</summary>
public sealed record HistoryResponse
{
    public required long Version { get; init; }
    public required string ChangedBy { get; init; }
    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary><c>pending</c>, <c>active</c>, <c>suspended</c> or <c>retired</c>.</summary>
    public required string State { get; init; }

    /// <summary>Of a server: number of the manifest that served.</summary>
    public int? Serves { get; init; }

    /// <summary>Of a server: number of the manifest that waited.</summary>
    public int? Waits { get; init; }

    /// <summary>Of a server: who approved what served; absent where it served since it was inside the envelope.</summary>
    public string? ApprovedBy { get; init; }
    public string? Commit { get; init; }
    public string? Author { get; init; }

    /// <summary>How what it says, in the words of its file, differs from the version before; empty where only its state does.</summary>
    public required IReadOnlyList<FieldChangeResponse> Changes { get; init; }

    internal static HistoryResponse Of(ObjectVersion version, ObjectVersion? before)
    {
        var server = version.Item as ServerObject;
        var newest = server?.Pending ?? server?.Approved;
        return new HistoryResponse
        {
            Version = version.Version,
            ChangedBy = version.ChangedBy,
            ChangedAt = UnixTime.FromMicroseconds(version.ChangedAt),
            State = version.Item switch
            {
                ServerObject found => found.State.ToText(),
                IdentityObject identity => identity.State.ToText(),
                GrantObject { RetiredAt: not null } or PolicyObject { RetiredAt: not null } or ResourceObject { RetiredAt: not null } or IssuerObject { RetiredAt: not null } => "retired",
                _ => "active",
            },
            Serves = server?.Approved?.Number,
            Waits = server?.Pending?.Number,
            ApprovedBy = server?.Approved?.ApprovedBy,
            Commit = newest?.Source?.Commit,
            Author = newest?.Source?.Author,
            Changes = before is not null && Saying(before.Item) is { } old && Saying(version.Item) is { } next ? Between(old, next) : [],
        };
    }

    internal static IReadOnlyList<FieldChangeResponse> Between(Document before, Document after) =>
        [.. DocumentDiff.Between(before, after).Select(change => new FieldChangeResponse(change.Path, change.Before, change.After))];

    /// <summary>Of a server the newest it said.</summary>
    private static Document? Saying(object item) => item is ServerObject { Pending: { } pending } server ? new Document.Server(server.Name, pending.Manifest) : Rollback.DocumentOf(item);
}

/// <summary>How an object differs from one of its versions, in the words of its file; of a server, how what serves does.</summary>
/// <param name="Version">The version that it is compared with.</param>
/// <param name="Present">The version that it has now.</param>
/// <param name="Changes">Before: then; after: now.</param>
public sealed record VersionDifferenceResponse(long Version, long Present, IReadOnlyList<FieldChangeResponse> Changes);

public sealed record RollbackRequest
{
    /// <summary>The version to take the object back to, as its history numbers them.</summary>
    public required long Version { get; init; }

    /// <summary>Why, for the record; at most 1024 characters.</summary>
    public string? Reason { get; init; }
}
