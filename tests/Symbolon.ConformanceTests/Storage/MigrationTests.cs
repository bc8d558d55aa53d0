using Microsoft.Data.Sqlite;
using Npgsql;
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

    private void Execute(string sql)
    {
        using System.Data.Common.DbConnection connection = Kind == StoreKind.Postgres
            ? new NpgsqlConnection(Database.Options.Store)
            : new SqliteConnection($"Data Source={Path.Combine(Database.Folder, "symbolon.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
