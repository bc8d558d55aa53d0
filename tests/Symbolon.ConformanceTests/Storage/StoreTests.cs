using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Snapshot;
using Symbolon.Testing.Storage;

namespace Symbolon.ConformanceTests.Storage;

/// <summary>A test of the store: an empty database of the class's kind, opened as a node has it.</summary>
[Trait("area", "storage")]
public abstract class StoreTests : IDisposable
{
    private readonly Lazy<OpenStore> store;

    /// <param name="announces">The node has a webhook.</param>
    protected StoreTests(StoreKind kind, bool announces = false)
    {
        Kind = kind;
        Database = TestDatabase.Create(kind);
        store = new Lazy<OpenStore>(() => new OpenStore(Database.Options with { Announces = announces }));
    }

    protected static OrganisationId Organisation => OrganisationId.Default;
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;
    protected StoreKind Kind { get; }
    protected TestDatabase Database { get; }
    protected OpenStore Store => store.Value;

    protected Task<CommitResult> CommitAsync(params Change[] changes) =>
        Store.Changes.CommitAsync(Organisation, changes, [Samples.Record()], Cancellation);

    protected static async Task<bool> AppendAsync(IAuditLog log, AuditEvent record)
    {
        log.Append(record);
        return await record.Durable();
    }

    public void Dispose()
    {
        if (store.IsValueCreated) store.Value.Dispose();
        Database.Dispose();
        GC.SuppressFinalize(this);
    }
}
