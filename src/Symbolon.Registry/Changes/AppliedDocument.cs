using Symbolon.Core.Registry;

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
public sealed record AppliedDocument(ObjectKey Key, ApplyAction Action, long Version);
