using Symbolon.Core.Changes;
using Symbolon.Core.Snapshot;

namespace Symbolon.Registry.Changes;

/// <summary>One document of a plan: what it does, and the write that does it (none when it is unchanged).</summary>
internal sealed record PlannedChange(AppliedDocument Applied, Change.PutObject? Write)
{
    /// <summary>What is written with it: reviews.</summary>
    public IReadOnlyList<Change> Beside { get; init; } = [];

    /// <summary>Retired objects stay attributable: their names are never used again.</summary>
    public static ChangeError Retired(string what) => ChangeError.Conflict("retired", $"{what} is retired for good. Choose another name.");
}
