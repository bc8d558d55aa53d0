using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Symbolon.Core.Audit;
using Symbolon.Core.Snapshot;
using Symbolon.Storage;
using Symbolon.Storage.Databases;
using Symbolon.Storage.Reading;
using Symbolon.Storage.Writing;
using Symbolon.Testing.Processes;
using Symbolon.Testing.Storage;

namespace Symbolon.ConformanceTests.Storage;

public sealed class SqliteBadDayTests() : BadDayTests(StoreKind.Sqlite)
{
    protected override System.Data.Common.DbConnection Lock() => Locking(
        new SqliteConnection($"Data Source={Path.Combine(Database.Folder, "symbolon.db")};Pooling=False"), "BEGIN IMMEDIATE");

    [Fact]
    public async Task A_revocation_on_a_full_disk_uses_the_space_that_is_kept_for_it()
    {
        using var disk = new FullDisk(Path.Combine(Database.Folder, "full.db"));
        using (var connection = disk.OpenForWriting()) Migrations.Apply(connection, disk.Dialect);
        (disk.IsFull, disk.Reserves) = (true, 1);
        using var writer = new StoreWriter(disk, TimeProvider.System, NullLogger<StoreWriter>.Instance);
        var filler = new Change.PutObject(new(Symbolon.Core.Registry.ObjectKind.Agent, "bot"), 0, Samples.Agent("bot", new string('x', 50_000)));
        Task<CommitResult> WriteAsync(bool isUrgent) => writer.RunAsync(transaction =>
            (new ChangeWriter(transaction.Connection, Organisation, "admin", 1).Write([filler]), true), isUrgent);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => WriteAsync(isUrgent: false));
        Assert.IsType<CommitResult.Committed>(await WriteAsync(isUrgent: true));

        Assert.Equal(0, disk.Reserves);
    }

    [Fact]
    public void The_reserve_is_taken_once_and_given_back_piece_by_piece()
    {
        var reserve = new DiskReserve(Path.Combine(Database.Folder, "kept.db"));
        reserve.Fill();
        reserve.Fill();
        var files = Directory.GetFiles(Database.Folder, "kept.db.reserve*");

        Assert.Equal(4 << 20, files.Sum(file => new FileInfo(file).Length));
        Assert.All(files, _ => Assert.True(reserve.Release()));
        Assert.False(reserve.Release());
        Assert.Empty(Directory.GetFiles(Database.Folder, "kept.db.reserve*"));
    }

    [Fact]
    public async Task The_write_ahead_log_stays_bounded_however_much_is_written()
    {
        var text = new string('x', 800);
        for (var round = 0; round < 8; round++)
        {
            var records = Enumerable.Range(0, 5_000).Select(_ => Samples.Record(text)).ToList();
            foreach (var record in records) Store.AuditLog.Append(record);
            foreach (var record in records) Assert.True(await record.Durable());
        }

        Assert.True(new FileInfo(Path.Combine(Database.Folder, "symbolon.db")).Length > 20 << 20);
        Assert.InRange(new FileInfo(Path.Combine(Database.Folder, "symbolon.db-wal")).Length, 1, 32 << 20);
    }

    [Fact]
    public async Task A_full_disk_refuses_records_and_changes_leaves_nothing_half_written_and_heals_by_itself()
    {
        using var disk = new FullDisk(Path.Combine(Database.Folder, "full.db"));
        using (var connection = disk.OpenForWriting()) Migrations.Apply(connection, disk.Dialect);
        var audit = new AuditStore(disk);
        long written;
        disk.IsFull = true;
        using (var writer = new StoreWriter(disk, TimeProvider.System, NullLogger<StoreWriter>.Instance))
        {
            // Pages that are there may still have room: at some point there is none left.
            await Deadline.ForAsync("the disk to be full", async () => await AppendAsync(writer, Samples.Record(new string('x', 5000))) ? null : "full");
            written = (await audit.HeadAsync(Organisation, Cancellation)).Seq;
            Assert.False(writer.IsHealthy);
            await Assert.ThrowsAsync<StoreUnavailableException>(() => writer.RunAsync(transaction =>
            {
                var put = Samples.Put(Samples.Agent("bot", new string('x', 5000)));
                return (new ChangeWriter(transaction.Connection, Organisation, "admin", 1).Write([put]), true);
            }));
            Assert.Equal(written, (await audit.ReadAsync(Organisation, new AuditQuery(), null, descending: false, 1000, Cancellation)).Count);

            disk.IsFull = false;
            await Deadline.ForAsync("the log to heal", () => writer.IsHealthy);

            Assert.True(await AppendAsync(writer, Samples.Record()));
        }
        // The record that could not be written in time was not lost: it is in front of the one that came after.
        Assert.Equal(written + 2, (await audit.HeadAsync(Organisation, Cancellation)).Seq);
        Assert.Null(await new ConfigurationStore(disk).FindObjectAsync(Organisation, new(Symbolon.Core.Registry.ObjectKind.Agent, "bot"), Cancellation));
    }
}

public sealed class PostgresBadDayTests() : BadDayTests(StoreKind.Postgres)
{
    protected override System.Data.Common.DbConnection Lock() => Locking(
        new NpgsqlConnection(Database.Options.Store + ";Pooling=false"), "BEGIN; LOCK TABLE audit_chain, counter IN ACCESS EXCLUSIVE MODE");

    [Fact]
    public async Task A_server_that_goes_away_under_load_and_comes_back_loses_and_doubles_nothing()
    {
        using var cluster = new PostgresCluster();
        using var store = new OpenStore(new StorageOptions { DataDirectory = Database.Folder, Store = cluster.ConnectionString(cluster.CreateDatabase()) });
        var durable = new System.Collections.Concurrent.ConcurrentBag<Guid>();
        var running = true;
        var load = Parallel.ForAsync(0, 8, Cancellation, async (_, _) =>
        {
            while (Volatile.Read(ref running))
            {
                var record = Samples.Call(AuditKind.Request, Guid.NewGuid());
                if (await AppendAsync(store.AuditLog, record)) durable.Add(record.Call!.Value);
            }
        });
        await Deadline.ForAsync("some records", () => durable.Count > 100);

        cluster.Stop();
        await Deadline.ForAsync("the log to notice", () => !store.AuditLog.IsHealthy);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Changes.CommitAsync(Organisation, [Samples.Put(Samples.Agent("bot"))], [Samples.Record()], Cancellation));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Feed.PollAsync(Cancellation));
        cluster.Start();
        await Deadline.ForAsync("the log to heal", () => store.AuditLog.IsHealthy);
        var healed = durable.Count;
        await Deadline.ForAsync("more records", () => durable.Count > healed + 100);
        Volatile.Write(ref running, false);
        await load;

        var chained = new List<Guid>();
        for (long after = 0; ;)
        {
            var page = await store.Audit.ReadAsync(Organisation, new AuditQuery(), after, descending: false, 1000, Cancellation);
            if (page.Count == 0) break;
            chained.AddRange(page.Select(record => System.Text.Json.JsonDocument.Parse(record.Json).RootElement.GetProperty("event").GetProperty("call").GetGuid()));
            Assert.Equal(after + page.Count, after = page[^1].Seq);
        }
        Assert.Equal(chained.Count, chained.Distinct().Count());
        Assert.Empty(durable.Except(chained));
    }
}

public abstract class BadDayTests(StoreKind kind) : StoreTests(kind)
{
    /// <summary>Somebody else's tool that keeps the store from being written until it is closed.</summary>
    protected abstract System.Data.Common.DbConnection Lock();

    protected static System.Data.Common.DbConnection Locking(System.Data.Common.DbConnection connection, string sql)
    {
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
        return connection;
    }

    [Fact]
    public async Task A_locked_store_answers_false_within_the_time_that_a_call_waits_and_writes_what_waited_later()
    {
        Assert.True(await AppendAsync(Store.AuditLog, Samples.Record()));
        var records = Enumerable.Range(0, 10_400).Select(_ => Samples.Record()).ToList();
        int refused;
        using (Lock())
        {
            foreach (var record in records) Store.AuditLog.Append(record);
            // The queue holds 10,000 and the writer at most one batch: the rest is refused at once.
            var waiting = records.Select(record => record.Durable().AsTask()).ToList();
            refused = waiting.Count(answer => answer.IsCompleted);
            Assert.InRange(refused, 10_400 - 10_000 - 256, 10_400 - 10_000);

            var answers = await Task.WhenAll(waiting).WaitAsync(TimeSpan.FromSeconds(10), Cancellation);

            Assert.All(answers, durable => Assert.False(durable));
            Assert.False(Store.AuditLog.IsHealthy);
            await Assert.ThrowsAsync<StoreUnavailableException>(() => CommitAsync(Samples.Put(Samples.Agent("bot"))));
        }

        await Deadline.ForAsync("the log to heal", () => Store.AuditLog.IsHealthy);
        Assert.True(await AppendAsync(Store.AuditLog, Samples.Record()));
        Assert.Equal(10_400 - refused + 2, (await Store.Audit.HeadAsync(Organisation, Cancellation)).Seq);
        Assert.Null(await Store.Objects.FindObjectAsync(Organisation, new(Symbolon.Core.Registry.ObjectKind.Agent, "bot"), Cancellation));
    }
}
