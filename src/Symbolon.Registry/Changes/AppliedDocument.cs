using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Registry.Reviews;
using Symbolon.Registry.Reviews;

namespace Symbolon.Registry.Changes;

/// <summary>What applying a document does, or would do.</summary>
public enum ApplyAction
{
    Created,

    /// <summary>Replaced at once.</summary>
    Updated,

    /// <summary>A version of a server that waits for its review, while the approved one serves.</summary>
    Pending,
    Unchanged,
}

/// <param name="Version">The number of the manifest for a server, else the version of the object.</param>
public sealed record AppliedDocument(ObjectKey Key, ApplyAction Action, long Version)
{
    /// <summary>How it differs from what was there, of a server from its newest version; empty for what is new or unchanged.</summary>
    public IReadOnlyList<FieldChange> Changes { get; init; } = [];

    /// <summary>What of an approved server's new version is not live before it is reviewed.</summary>
    public IReadOnlyList<WaitingPart> Waiting { get; init; } = [];

    /// <summary>Number of the version that serves from now on, since it is inside the envelope; null where nothing of it is.</summary>
    public int? Live { get; init; }

    /// <summary>The review that was opened; of a plan the name that it would have.</summary>
    public ReviewName? Review { get; init; }

    /// <summary>Of a server: its new union beside the envelope. Null for other kinds and what is unchanged.</summary>
    public UnionDiff? Union { get; init; }
}
