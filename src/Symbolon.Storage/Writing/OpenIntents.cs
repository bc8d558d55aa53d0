using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Storage.Databases;

namespace Symbolon.Storage.Writing;

/// <summary>
/// Intents of this process that are in the chain and have no outcome yet. If this process dies, the search for them begins at a mark
/// close to the end; those that have been open for longer are remembered one by one, so that one long call does not hold the mark back.
/// Writer thread only.
/// </summary>
internal sealed class OpenIntents
{
    /// <summary>Microseconds after which an open call is remembered by itself.</summary>
    private const long Lasting = 5_000_000;

    private readonly Dictionary<Guid, (OrganisationId Organisation, long Seq, long Recorded)> open = [];
    private readonly Dictionary<OrganisationId, long> heads = [];

    /// <summary>Takes in rows that are committed, before anybody is told.</summary>
    public void Note(AuditBatch batch)
    {
        foreach (var row in batch.Rows)
        {
            if (row.Event.Call is not { } call) continue;
            if (row.Event.Kind == AuditKind.CallIntent) open[call] = (row.Event.Organisation, row.Seq, row.Recorded);
            else if (row.Event.Kind == AuditKind.CallOutcome) open.Remove(call);
        }
        foreach (var step in batch.Steps) heads[step.Organisation] = step.ExpectedSeq + step.Count;
    }

    /// <summary>For each organisation that this process has written to, the number from which on a young intent of it may be open.</summary>
    /// <param name="now">Microseconds since the Unix epoch.</param>
    public IReadOnlyDictionary<OrganisationId, long> Marks(long now)
    {
        var marks = heads.ToDictionary(pair => pair.Key, pair => pair.Value + 1);
        foreach (var (organisation, seq, recorded) in open.Values)
            if (now - recorded < Lasting) marks[organisation] = Math.Min(marks[organisation], seq);
        return marks;
    }

    /// <summary>The intents that the marks leave out: those that have been open for longer than 5 s.</summary>
    public IReadOnlySet<(string Organisation, long Seq)> LastingAt(long now) =>
        open.Values.Where(intent => now - intent.Recorded >= Lasting).Select(intent => (intent.Organisation.Value, intent.Seq)).ToHashSet();
}
