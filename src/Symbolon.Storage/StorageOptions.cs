namespace Symbolon.Storage;

/// <summary>Where the store is.</summary>
public sealed record StorageOptions
{
    /// <summary>The folder of <c>symbolon.db</c>; it must exist.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>A PostgreSQL connection string, e.g. <c>Host=db;Database=symbolon;Username=symbolon</c>. Default: SQLite in <see cref="DataDirectory"/>.</summary>
    public string? Store { get; init; }

    /// <summary>
    /// Whether there is a webhook to be told of changes; else <see cref="Core.Snapshot.Change.Announce"/> writes nothing. All nodes on one store say the same:
    /// what is changed at one that says no is not told.
    /// </summary>
    public bool Announces { get; init; }
}
