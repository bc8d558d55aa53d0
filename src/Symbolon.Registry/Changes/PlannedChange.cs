using Symbolon.Core.Changes;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Snapshot;

namespace Symbolon.Registry.Changes;

/// <summary>One document of a plan: what it does, and the write that does it (none when it is unchanged).</summary>
internal sealed record PlannedChange(AppliedDocument Applied, Change.PutObject? Write)
{
    /// <summary>What is written with it: reviews.</summary>
    public IReadOnlyList<Change> Beside { get; init; } = [];

    /// <summary>A file that takes effect at once: created, replaced, or nothing where it says what is there already.</summary>
    /// <param name="document">The file.</param>
    /// <param name="present">What is there, as its file would say it, with the version of its object; null for a new one.</param>
    /// <param name="next">The object to write.</param>
    public static PlannedChange AtOnce(Document document, (Document Document, long Version)? present, object next)
    {
        var version = present?.Version ?? 0;
        if (present is { } found && found.Document.SaysTheSameAs(document))
            return new PlannedChange(new AppliedDocument(document.Key, ApplyAction.Unchanged, version), Write: null);
        return new PlannedChange(
            new AppliedDocument(document.Key, present is null ? ApplyAction.Created : ApplyAction.Updated, version + 1)
            {
                Changes = present is { Document: var before } ? DocumentDiff.Between(before, document) : [],
            },
            new Change.PutObject(document.Key, version, next));
    }

    /// <summary>Retired objects stay attributable: their names are never used again.</summary>
    public static ChangeError Retired(string what) => ChangeError.Conflict("retired", $"{what} is retired for good. Choose another name.");
}
