using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;

namespace Symbolon.Registry.Changes;

/// <summary>What applying a document does, or would do.</summary>
public enum ApplyAction
{
    Created,

    /// <summary>Replaced at once.</summary>
    Updated,

    /// <summary>A version of a server that waits for approval, while the approved one serves.</summary>
    Pending,
    Unchanged,
}

/// <param name="Version">The number of the manifest for a server, else the version of the object.</param>
public sealed record AppliedDocument(ObjectKey Key, ApplyAction Action, long Version)
{
    /// <summary>How it differs from what was there, of a server from its newest version; empty for what is new or unchanged.</summary>
    public IReadOnlyList<FieldChange> Changes { get; init; } = [];
}
