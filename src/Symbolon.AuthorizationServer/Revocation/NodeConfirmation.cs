using Symbolon.Core.Snapshot;

namespace Symbolon.AuthorizationServer.Revocation;

/// <summary>Waits until the nodes that share the store have a change in their memory.</summary>
public sealed class NodeConfirmation(INodeStore nodes, TimeProvider clock, ThisNode? self = null)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>A node that has not been seen for longer refuses calls by itself: its own <c>maxStaleness</c> has passed.</summary>
    private static readonly TimeSpan LiveWithin = TimeSpan.FromSeconds(10);

    /// <returns>Names of live nodes that did not confirm the revision within a second. This node is not asked: it made the change.</returns>
    public async Task<IReadOnlyList<string>> UnconfirmedAsync(long revision, CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        while (true)
        {
            IReadOnlyList<string> behind;
            try
            {
                behind = [.. (await nodes.LiveAsync(LiveWithin, cancellation))
                    .Where(node => node.ConfirmedRevision < revision && node.Node != self?.Name)
                    .Select(node => node.Node)
                    .Order(StringComparer.Ordinal)];
            }
            catch (StoreUnavailableException)
            {
                // It is durable; who has it cannot be told any more.
                return ["*"];
            }
            if (behind.Count == 0 || clock.GetElapsedTime(started) >= Longest) return behind;
            await Task.Delay(Pause, clock, cancellation);
        }
    }
}
