using Symbolon.Core.Changes;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Snapshot;
using Symbolon.Registry.Changes;

namespace Symbolon.Registry.Servers;

/// <summary>A server's file becomes its next version, which waits for approval. The approved one serves on meanwhile.</summary>
internal static class ServerPlan
{
    public static Result<PlannedChange> Of(Document.Server document, (object Item, long Version)? present, StateChangeOf change)
    {
        var server = present?.Item as ServerObject;
        if (server is { State: Lifecycle.Retired }) return PlannedChange.Retired($"Server {server.Name}");
        var newest = server is null ? null : server.Pending ?? server.Approved;
        if (newest is not null && new Document.Server(document.Name, newest.Manifest).SaysTheSameAs(document))
            return new PlannedChange(new AppliedDocument(document.Key, ApplyAction.Unchanged, newest.Number), Write: null);

        // Numbers only grow, also over versions that were never approved: who approves number 3 approves what was shown as 3.
        var version = new ManifestVersion
        {
            Number = (newest?.Number ?? 0) + 1,
            AppliedBy = change.By,
            AppliedAt = change.At,
            Manifest = document.Manifest,
        };
        var next = server is null
            ? new ServerObject { Name = document.Name, State = Lifecycle.Pending, Pending = version }
            : server with { Pending = version };
        return new PlannedChange(
            new AppliedDocument(document.Key, server is null ? ApplyAction.Created : ApplyAction.Pending, version.Number)
            {
                Changes = newest is null ? [] : DocumentDiff.Between(new Document.Server(document.Name, newest.Manifest), document),
            },
            new Change.PutObject(document.Key, present?.Version ?? 0, next));
    }
}
