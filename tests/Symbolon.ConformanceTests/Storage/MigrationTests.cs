using Microsoft.Data.Sqlite;
using Npgsql;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Storage.Databases;
using Symbolon.Testing.Storage;

namespace Symbolon.ConformanceTests.Storage;

public sealed class SqliteMigrationTests() : MigrationTests(StoreKind.Sqlite)
{
    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void The_file_belongs_to_its_owner_alone()
    {
        _ = Store;

        foreach (var file in Directory.GetFiles(Database.Folder))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public void A_connection_that_would_not_synchronise_is_refused()
    {
        using var database = new SqliteDatabase(Path.Combine(Database.Folder, "other.db"));
        using var connection = (SqliteConnection)database.OpenForWriting();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA synchronous=OFF";
        command.ExecuteNonQuery();

        var refused = Assert.Throws<StoreStartException>(() => SqliteDatabase.AssertDurable(connection));
        Assert.Contains("synchronous", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_library_that_is_missing_or_too_old_is_named_with_its_package()
    {
        Assert.Null(NativeSqlite.Find(["libnothing-of-that-name.so.0"]));
        Assert.Contains("libsqlite3-0", Assert.Throws<StoreStartException>(() => NativeSqlite.RequireVersion(3_034_001, "3.34.1")).Message, StringComparison.Ordinal);
        NativeSqlite.RequireVersion(3_037_000, "3.37.0");
    }
}

public sealed class PostgresMigrationTests() : MigrationTests(StoreKind.Postgres)
{
    [Theory]
    [InlineData("nonsense")]
    [InlineData("Password=hunter2;Host")]
    [InlineData("Host=a;Nonsense=hunter2")]
    public void A_connection_string_that_is_not_understood_is_refused_without_being_repeated(string text)
    {
        var refused = Assert.Throws<StoreStartException>(() => new OpenStore(Database.Options with { Store = text }));

        Assert.DoesNotContain("hunter2", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_that_is_not_there_ends_the_start_with_a_clear_error()
    {
        var options = Database.Options with { Store = $"{Database.Options.Store}_missing" };

        Assert.Contains("cannot be opened", Assert.Throws<StoreStartException>(() => new OpenStore(options)).Message, StringComparison.Ordinal);
    }
}

public abstract class MigrationTests(StoreKind kind) : StoreTests(kind)
{
    [Fact]
    public async Task Starters_at_the_same_time_migrate_once()
    {
        var starts = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => new OpenStore(Database.Options))));

        foreach (var start in starts)
        {
            Assert.Equal(0, await start.Objects.RevisionAsync(Cancellation));
            start.Dispose();
        }
    }

    [Fact]
    public void A_schema_newer_than_the_program_refuses_to_start()
    {
        using (var once = new OpenStore(Database.Options)) Assert.NotNull(once.Store);
        Execute("INSERT INTO migration (version) VALUES (9999)");

        var refused = Assert.Throws<StoreStartException>(() => new OpenStore(Database.Options));

        Assert.Contains("9999", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Records_of_several_organisations_keep_their_chains_when_places_are_given()
    {
        using (var connection = Open())
        {
            Migrations.Apply(connection, Kind == StoreKind.Postgres ? Dialect.Postgres : Dialect.Sqlite, upTo: 2);
            foreach (var organisation in (string[])["zebra", "acme"])
            {
                Execute(connection, $"INSERT INTO audit_chain (organisation, seq, time, hash) VALUES ('{organisation}', 3, 30, {Bytes(3)})");
                for (var seq = 1; seq <= 3; seq++)
                    Execute(connection, $"""
                        INSERT INTO audit (organisation, seq, time, kind, hash, record)
                        VALUES ('{organisation}', {seq}, {10 * seq}, 'request', {Bytes(seq)}, {Bytes(organisation[0])})
                        """);
            }
        }

        using var store = new OpenStore(Database.Options);

        foreach (var organisation in (OrganisationId[])[new("acme"), new("zebra")])
        {
            var records = await store.Audit.ReadAsync(organisation, new AuditQuery(), after: null, descending: false, 10, Cancellation);
            Assert.Equal([1, 2, 3], records.Select(record => record.Seq));
            Assert.All(records, record => Assert.Equal((byte)organisation.Value[0], record.Json.Span[0]));
            Assert.Equal(3, (await store.Audit.HeadAsync(organisation, Cancellation)).Seq);
            var late = new AuditEvent { Kind = AuditKind.Request, Organisation = organisation, Time = 40 };
            Assert.True(await AppendAsync(store.AuditLog, late));
            Assert.Equal([4, 3], (await store.Audit.ReadAsync(organisation, new AuditQuery(), after: null, descending: true, 2, Cancellation)).Select(record => record.Seq));
        }
    }

    [Fact]
    [Trait("clause", "RFC 7523 §3 no. 7")]
    public async Task What_was_used_before_the_tables_became_one_stays_used()
    {
        var (used, alike) = (ProofUse.Of(Organisation, "agent:bot", "a", Samples.Now), ProofUse.Of(Organisation, "agent:bot", "b", Samples.Now));
        using (var connection = Open())
        {
            Migrations.Apply(connection, Kind == StoreKind.Postgres ? Dialect.Postgres : Dialect.Sqlite, upTo: 12);
            foreach (var use in (ProofUse[])[used, alike])
            {
                Execute(connection, $"INSERT INTO used_once (organisation, kind, value, expires_at) VALUES ('{Organisation}', 'assertion', {Bytes(use.ToBytes())}, {use.ExpiresAt})");
            }
            Execute(connection, $"INSERT INTO proof_use (organisation, proof, expires_at, id) VALUES ('{Organisation}', {Bytes(alike.ToBytes())}, 1, {Bytes(3)})");
        }

        using var store = new OpenStore(Database.Options);

        Assert.False(await store.Proofs.TryUseAsync(ProofUse.Of(Organisation, "agent:bot", "a", Samples.Now), Cancellation));
        Assert.False(await store.Proofs.TryUseAsync(alike, Cancellation));
        Assert.True(await store.Proofs.TryUseAsync(ProofUse.Of(Organisation, "agent:bot", "c", Samples.Now), Cancellation));
    }

    private string Bytes(byte[] value) => Kind == StoreKind.Postgres ? $"decode('{Convert.ToHexString(value)}', 'hex')" : $"x'{Convert.ToHexString(value)}'";

    private string Bytes(int value) => Kind == StoreKind.Postgres
        ? $"decode('{string.Concat(Enumerable.Repeat(value.ToString("x2", System.Globalization.CultureInfo.InvariantCulture), 32))}', 'hex')"
        : $"x'{string.Concat(Enumerable.Repeat(value.ToString("x2", System.Globalization.CultureInfo.InvariantCulture), 32))}'";

    private void Execute(string sql)
    {
        using var connection = Open();
        Execute(connection, sql);
    }

    private System.Data.Common.DbConnection Open()
    {
        System.Data.Common.DbConnection connection = Kind == StoreKind.Postgres
            ? new NpgsqlConnection(Database.Options.Store)
            : new SqliteConnection($"Data Source={Path.Combine(Database.Folder, "symbolon.db")};Pooling=False");
        connection.Open();
        return connection;
    }

    private static void Execute(System.Data.Common.DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
