using Symbolon.Core.Changes;
using Symbolon.Core.Snapshot;

namespace Symbolon.Registry.Changes;

/// <summary>One document of a plan: what it does, and the write that does it (none when it is unchanged).</summary>
internal sealed record PlannedChange(AppliedDocument Applied, Change.PutObject? Write)
{
    /// <summary>Retired objects stay attributable: their names are never used again.</summary>
    public static Refusal Retired(string what) => Refusal.Conflict("retired", $"{what} is retired for good. Choose another name.");
}

/// <summary>Who makes a change, and when (microseconds).</summary>
internal readonly record struct StateChangeOf(string By, long At);
