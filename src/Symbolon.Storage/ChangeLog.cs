using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Snapshot;
using Symbolon.Storage.Writing;

namespace Symbolon.Storage;

/// <summary>Changes of configuration with their audit record, one transaction each, and then visible on this node.</summary>
internal sealed class ChangeLog(StoreWriter writer, ConfigurationFeed feed) : IChangeLog
{
    /// <exception cref="UnstorableTextException">A text holds U+0000; nothing was changed.</exception>
    public async Task<CommitResult> CommitAsync(
        OrganisationId organisation, IReadOnlyList<Change> changes, AuditEvent record, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        // From here on it is not cancelled: what was begun is answered.
        var result = await writer.RunAsync(transaction =>
        {
            var written = new ChangeWriter(transaction.Connection, organisation, record.By ?? "", record.Time).Write(changes);
            if (written is CommitResult.Committed) transaction.Append(organisation, record);
            return (written, written is CommitResult.Committed);
        });
        if (result is CommitResult.Committed committed) await feed.CatchUpAsync(committed.Revision, CancellationToken.None);
        return result;
    }
}
