using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Symbolon.Core.Audit;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;
using Symbolon.Server.Background;
using Symbolon.Server.Health;
using Symbolon.Testing.Fakes;

namespace Symbolon.UnitTests.Server;

[Trait("area", "hosting")]
public sealed class LeaseKeeperTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly FakeClock clock = new();
    private readonly RecordingAudit audit = new();
    private readonly Nodes nodes = new();
    private readonly Application application = new();
    private readonly Readiness readiness;
    private readonly Freshness freshness;
    private readonly LeaseKeeper keeper;

    public LeaseKeeperTests()
    {
        freshness = new Freshness(clock, TimeSpan.FromSeconds(5));
        freshness.Confirm(clock.GetTimestamp());
        readiness = new Readiness(freshness, audit);
        keeper = new LeaseKeeper(
            nodes, new ThisNode("n1"), new Configuration(new EpochTable()), readiness, application, audit, clock, NullLogger<LeaseKeeper>.Instance);
    }

    public void Dispose() => keeper.Dispose();

    [Fact]
    public async Task A_node_is_ready_while_it_has_its_lease_its_snapshot_is_current_and_the_audit_is_written()
    {
        Assert.False(readiness.IsReady);
        await keeper.StartAsync(CancellationToken.None);
        Assert.True(readiness.IsReady);

        audit.IsHealthy = false;
        Assert.False(readiness.IsReady);
        audit.IsHealthy = true;
        Assert.True(readiness.IsReady);

        clock.Advance(TimeSpan.FromSeconds(6));
        Assert.False(readiness.IsReady);
        freshness.Confirm(clock.GetTimestamp());
        Assert.True(readiness.IsReady);

        await keeper.StopAsync(CancellationToken.None);
        Assert.False(readiness.IsReady);
    }

    [Fact]
    public async Task A_node_whose_lease_was_ended_by_another_stops_and_does_not_end_it_again()
    {
        nodes.Answers.Enqueue(() => false);
        await keeper.StartAsync(CancellationToken.None);
        clock.Advance(TimeSpan.FromSeconds(1));

        await application.Stopped.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal((false, true), (readiness.IsReady, readiness.HasLostLease));
        await keeper.StopAsync(CancellationToken.None);
        Assert.False(nodes.Ended);
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_no_lost_lease()
    {
        nodes.Answers.Enqueue(() => throw new StoreUnavailableException("down"));
        nodes.Answers.Enqueue(() => true);
        await keeper.StartAsync(CancellationToken.None);
        clock.Advance(TimeSpan.FromSeconds(1));
        await nodes.Asked(1).WaitAsync(Patience, TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromSeconds(1));
        await nodes.Asked(2).WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.False(application.Stopped.Task.IsCompleted);
        Assert.True(readiness.IsServing);
        await keeper.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Start_and_stop_are_records_and_the_lease_ends_last()
    {
        await keeper.StartAsync(CancellationToken.None);
        nodes.OnEnd = () => Assert.Equal([AuditKind.NodeStarted, AuditKind.NodeStopped], audit.Appended.Select(record => record.Kind));
        await keeper.StopAsync(CancellationToken.None);
        Assert.True(nodes.Ended);
    }

    private sealed class Nodes : INodeStore
    {
        private readonly TaskCompletionSource[] asked = [.. Enumerable.Range(0, 3).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];
        private int beats;

        public Queue<Func<bool>> Answers { get; } = [];
        public bool Ended { get; private set; }
        public Action OnEnd { get; set; } = () => { };

        public Task Asked(int beat) => asked[beat - 1].Task;

        public Task<long> StartLeaseAsync(string node, CancellationToken cancellation) => Task.FromResult(7L);

        public Task<bool> HeartbeatAsync(string node, long lease, long confirmedRevision, CancellationToken cancellation)
        {
            asked[Math.Min(beats++, 2)].TrySetResult();
            return Task.FromResult(Answers.Count == 0 || Answers.Dequeue()());
        }

        public Task EndLeaseAsync(string node, long lease, CancellationToken cancellation)
        {
            Assert.Equal(7, lease);
            OnEnd();
            Ended = true;
            return Task.CompletedTask;
        }

        public Task<IReadOnlyList<NodeStatus>> LiveAsync(TimeSpan age, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<NodeStatus>>([]);
    }

    private sealed class Application : IHostApplicationLifetime
    {
        public TaskCompletionSource Stopped { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public CancellationToken ApplicationStarted => CancellationToken.None;
        public CancellationToken ApplicationStopping => CancellationToken.None;
        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => Stopped.TrySetResult();
    }
}
