using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Storage.Databases;

namespace Symbolon.Storage.Writing;

/// <summary>
/// Intents of this process that are in the chain and have no outcome yet. Their lowest number is where the search begins if this
/// process dies. Writer thread only.
/// </summary>
internal sealed class OpenIntents
{
    private readonly Dictionary<Guid, (OrganisationId Organisation, long Seq)> open = [];
    private readonly Dictionary<OrganisationId, long> heads = [];

    /// <summary>Takes in rows that are committed, before anybody is told.</summary>
    public void Note(AuditBatch batch)
    {
        foreach (var row in batch.Rows)
        {
            if (row.Event.Call is not { } call) continue;
            if (row.Event.Kind == AuditKind.CallIntent) open[call] = (row.Event.Organisation, row.Seq);
            else if (row.Event.Kind == AuditKind.CallOutcome) open.Remove(call);
        }
        foreach (var step in batch.Steps) heads[step.Organisation] = step.ExpectedSeq + step.Count;
    }

    /// <summary>For each organisation that this process has written to, the number from which on an intent of it may be open.</summary>
    public IReadOnlyDictionary<OrganisationId, long> Marks()
    {
        var marks = heads.ToDictionary(pair => pair.Key, pair => pair.Value + 1);
        foreach (var (organisation, seq) in open.Values)
            marks[organisation] = Math.Min(marks[organisation], seq);
        return marks;
    }
}
