using Symbolon.Storage;

namespace Symbolon.Testing.Storage;

/// <summary>An empty database of its own for one test, gone afterwards.</summary>
public sealed class TestDatabase : IDisposable
{
    private readonly string? postgres;

    private TestDatabase(string folder, string? postgres)
    {
        Folder = folder;
        this.postgres = postgres;
    }

    public string Folder { get; }

    public StorageOptions Options => new() { DataDirectory = Folder, Store = postgres is null ? null : PostgresCluster.Shared.ConnectionString(postgres) };

    public static TestDatabase Create(StoreKind kind)
    {
        var folder = Directory.CreateTempSubdirectory("symbolon-store-").FullName;
        return new TestDatabase(folder, kind == StoreKind.Postgres ? PostgresCluster.Shared.CreateDatabase() : null);
    }

    public void Dispose()
    {
        if (postgres is not null) PostgresCluster.Shared.DropDatabase(postgres);
        Directory.Delete(Folder, recursive: true);
    }
}
