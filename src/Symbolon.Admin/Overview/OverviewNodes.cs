using Symbolon.Core;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Overview;

/// <summary>The nodes and the store that they share.</summary>
internal sealed class OverviewNodes(INodeStore nodes, IConfigurationStore store, StoreFacts facts)
{
    private static readonly TimeSpan Recently = TimeSpan.FromSeconds(30);

    public string StoreKind => facts.Kind;

    public async Task<IReadOnlyList<NodeStateResponse>> ReadAsync(CancellationToken cancellation)
    {
        // In this order: a node that confirms in between is ahead of what we know, not behind.
        var revision = await store.RevisionAsync(cancellation);
        var live = await nodes.LiveAsync(Recently, cancellation);
        return [.. live.OrderBy(node => node.Node, StringComparer.Ordinal)
            .Select(node => new NodeStateResponse(node.Node, Math.Max(0, revision - node.ConfirmedRevision), UnixTime.FromMicroseconds(node.SeenAt)))];
    }
}
