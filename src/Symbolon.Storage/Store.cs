using Microsoft.Extensions.Logging;
using Symbolon.Storage.Databases;
using Symbolon.Storage.Writing;

namespace Symbolon.Storage;

/// <summary>The opened store: its schema is current and its writer runs. Disposing it commits what waits, for at most 2 s.</summary>
public sealed class Store : IDisposable
{
    private Store(Database database, StoreWriter writer)
    {
        Database = database;
        Writer = writer;
    }

    internal Database Database { get; }
    internal StoreWriter Writer { get; }

    /// <summary>Opens the store and migrates it.</summary>
    /// <exception cref="StoreStartException">It cannot be used; the message says what to do.</exception>
    public static Store Open(StorageOptions options, TimeProvider clock, ILoggerFactory loggers)
    {
        var database = OpenDatabase(StoreAddress.Parse(options.DataDirectory, options.Store));
        try
        {
            using (var connection = database.OpenForWriting()) Migrations.Apply(connection, database.Dialect);
            return new Store(database, new StoreWriter(database, clock, loggers.CreateLogger<StoreWriter>()));
        }
        catch (Exception failed) when (Database.IsBroken(failed))
        {
            database.Dispose();
            throw new StoreStartException($"The store cannot be opened: {failed.Message}", failed);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Writer.Dispose();
        Database.Dispose();
    }

    private static Database OpenDatabase(StoreAddress address) => address switch
    {
        StoreAddress.Sqlite sqlite => new SqliteDatabase(sqlite.Path),
        StoreAddress.Postgres postgres => new PostgresDatabase(postgres.ConnectionString),
        _ => throw new ArgumentOutOfRangeException(nameof(address)),
    };
}
