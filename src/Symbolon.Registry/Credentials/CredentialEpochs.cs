using Symbolon.Core;
using Symbolon.Core.Registry;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;

namespace Symbolon.Registry.Credentials;

/// <summary>
/// Ends what a server has got at the API behind it, in the commit of what makes that too much: it stops, or its tools need less than before. DESIGN.md section 4, Drift.
/// </summary>
public sealed class CredentialEpochs(EventClock events)
{
    /// <returns>What is to be written beside the change; nothing where all that was issued is still within what it may have.</returns>
    public IReadOnlyList<Change> Between(ServerObject before, ServerObject after)
    {
        if (before.State != Lifecycle.Active || before.Approved is null || AudienceOf(before) is null) return [];
        var isWithin = after.State == Lifecycle.Active && AudienceOf(before) == AudienceOf(after) && IsInFile(before) == IsInFile(after) && (IsUntouched(before, after) || (!DoubtsMore(before, after) && after.ServingNeeds().Covers(before.ServingNeeds())));
        return isWithin ? [] : [new Change.RaiseEpoch(RevocationLevel.Credential, before.Name.Value, events.Next())];
    }

    /// <summary>Unions are costly where there are ten thousand tools.</summary>
    private static bool IsUntouched(ServerObject before, ServerObject after) => ReferenceEquals(before.Approved, after.Approved) && before.Drifted == after.Drifted && before.Withheld == after.Withheld;

    /// <summary>Also where another tool needs as much: tokens for calls of this one are out.</summary>
    private static bool DoubtsMore(ServerObject before, ServerObject after) => !after.DoubtedTools().IsSubsetOf(before.DoubtedTools());

    /// <summary>The tokens in a file are bound to no key: whoever moves to keys wants them gone, and who moves to a file wants nothing more by keys.</summary>
    private static bool IsInFile(ServerObject server) => (server.Approved!.Manifest.Credential as UpstreamCredential.Exchange)?.File is not null;

    private static string? AudienceOf(ServerObject server) => (server.Approved!.Manifest.Credential as UpstreamCredential.Exchange)?.Audience;
}
