using Symbolon.Core.Snapshot;

namespace Symbolon.AuthorizationServer.Revocation;

/// <summary>What the nodes said to a change.</summary>
/// <param name="Nodes">How many live nodes share the store, this one included; null when that could not be asked.</param>
/// <param name="Unconfirmed">Names of those that had not confirmed it within a second; <c>*</c> when that could not be asked.</param>
public sealed record Confirmation(int? Nodes, IReadOnlyList<string> Unconfirmed);

/// <summary>Waits until the nodes that share the store have a change in their memory.</summary>
public sealed class NodeConfirmation(INodeStore nodes, TimeProvider clock, ThisNode? self = null)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>A node that has not been seen for longer refuses calls by itself: its own <c>maxStaleness</c> has passed.</summary>
    private static readonly TimeSpan LiveWithin = TimeSpan.FromSeconds(10);

    /// <summary>At most a second. This node is not asked: it made the change.</summary>
    public async Task<Confirmation> WaitAsync(long revision, CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        while (true)
        {
            List<NodeStatus> others;
            try
            {
                others = [.. (await nodes.LiveAsync(LiveWithin, cancellation)).Where(node => node.Node != self?.Name)];
            }
            catch (StoreUnavailableException)
            {
                // It is durable; who has it cannot be told any more.
                return new Confirmation(null, ["*"]);
            }
            List<string> behind = [.. others.Where(node => node.ConfirmedRevision < revision).Select(node => node.Node).Order(StringComparer.Ordinal)];
            if (behind.Count == 0 || clock.GetElapsedTime(started) >= Longest) return new Confirmation(others.Count + 1, behind);
            await Task.Delay(Pause, clock, cancellation);
        }
    }
}
