namespace Symbolon.Core.Snapshot;

/// <summary>The nodes that share one store: who lives, and how far each one's memory has come.</summary>
public interface INodeStore
{
    /// <summary>Starts a lease of this node; lease numbers only grow. Intents that ended leases left open are then closed as <c>unknown</c>.</summary>
    Task<long> StartLeaseAsync(string node, CancellationToken cancellation);

    /// <summary>Tells that the node lives and up to which revision its configuration is complete.</summary>
    /// <returns>False when the lease was ended by another: the node must stop to serve.</returns>
    Task<bool> HeartbeatAsync(string node, long lease, long confirmedRevision, CancellationToken cancellation);

    /// <summary>Ends the lease in good order.</summary>
    Task EndLeaseAsync(string node, long lease, CancellationToken cancellation);

    /// <summary>Nodes whose last heartbeat is at most this old.</summary>
    Task<IReadOnlyList<NodeStatus>> LiveAsync(TimeSpan age, CancellationToken cancellation);
}

public sealed record NodeStatus(string Node, long Lease, long ConfirmedRevision, long SeenAt);
