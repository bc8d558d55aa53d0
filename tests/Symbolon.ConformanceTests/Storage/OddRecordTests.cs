using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Symbolon.Core.Audit;
using Symbolon.Storage.Databases;
using Symbolon.Storage.Reading;
using Symbolon.Storage.Writing;
using Symbolon.Testing.Storage;

namespace Symbolon.ConformanceTests.Storage;

public sealed class SqliteOddRecordTests() : OddRecordTests(StoreKind.Sqlite)
{
    /// <summary>What the driver rejects, and what the record in that place then says.</summary>
    [Theory]
    [InlineData(false, "\"tool\":\"odd\"")]
    [InlineData(true, "the record could not be written as it was")]
    public async Task A_record_that_the_driver_cannot_take_goes_alone_with_less_beside_it_and_stops_nobody(bool always, string said)
    {
        using var database = new PickyDatabase(Path.Combine(Database.Folder, "picky.db")) { Rejects = (record, bare) => record.Tool == "odd" && (always || !bare) };
        using (var connection = database.OpenForWriting()) Migrations.Apply(connection, database.Dialect);
        using var writer = new StoreWriter(database, TimeProvider.System, NullLogger<StoreWriter>.Instance);
        var records = Enumerable.Range(0, 50).Select(_ => Samples.Call(AuditKind.CallIntent, Guid.NewGuid())).ToList();
        records[20].Tool = records[30].Tool = "odd";

        foreach (var record in records) writer.Append(record);

        foreach (var record in records) Assert.True(await record.Durable());
        Assert.True(writer.IsHealthy);
        var stored = (await new AuditStore(database).ReadAsync(Organisation, new AuditQuery(), null, descending: false, 1000, Cancellation))
            .Select(record => Encoding.UTF8.GetString(record.Json.Span)).ToList();
        Assert.Equal(50, stored.Count);
        Assert.Equal([20, 30], stored.Index().Where(entry => entry.Item.Contains(said, StringComparison.Ordinal)).Select(entry => entry.Index));
        Assert.All(records.Index(), entry => Assert.Contains(entry.Item.Call.ToString()!, stored[entry.Index], StringComparison.Ordinal));
        var verifier = new ChainVerifier();
        Assert.All(stored, text => Assert.Null(verifier.Add(Encoding.UTF8.GetBytes(text))));
    }
}

public sealed class PostgresOddRecordTests() : OddRecordTests(StoreKind.Postgres);

public abstract class OddRecordTests(StoreKind kind) : StoreTests(kind)
{
    [Theory]
    [InlineData(0xD83D)]
    [InlineData(0xDE00)]
    public async Task Half_a_surrogate_pair_in_any_name_stops_neither_the_log_nor_the_search_for_it(int half)
    {
        var odd = "a" + (char)half;
        var record = Samples.Call(AuditKind.Request, Guid.NewGuid());
        (record.User, record.Agent, record.Workflow, record.Server, record.Tool, record.Reason) = (odd, odd, odd, odd, odd, odd);

        Assert.True(await AppendAsync(Store.AuditLog, record));

        Assert.True(await AppendAsync(Store.AuditLog, Samples.Record()));
        Assert.True(Store.AuditLog.IsHealthy);
        Assert.Single(await Store.Audit.ReadAsync(Organisation, new AuditQuery { Tool = odd, Server = odd, User = odd }, null, false, 10, Cancellation));
    }
}
