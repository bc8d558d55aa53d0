using Symbolon.Core.Snapshot;

namespace Symbolon.Testing.Fakes;

/// <summary>Nodes as the test says.</summary>
public sealed class FakeNodes : INodeStore
{
    public List<NodeStatus> Live { get; } = [];

    /// <summary>How often somebody asked.</summary>
    public int Asked { get; private set; }

    public Task<IReadOnlyList<NodeStatus>> LiveAsync(TimeSpan age, CancellationToken cancellation)
    {
        Asked++;
        return Task.FromResult<IReadOnlyList<NodeStatus>>([.. Live]);
    }

    public Task<long> StartLeaseAsync(string node, CancellationToken cancellation) => Task.FromResult(1L);

    public Task<bool> HeartbeatAsync(string node, long lease, long confirmedRevision, CancellationToken cancellation) => Task.FromResult(true);

    public Task EndLeaseAsync(string node, long lease, CancellationToken cancellation) => Task.CompletedTask;
}
