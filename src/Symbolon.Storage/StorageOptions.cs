namespace Symbolon.Storage;

/// <summary>Where the store is.</summary>
public sealed record StorageOptions
{
    /// <summary>The folder of <c>symbolon.db</c>; it must exist.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>A PostgreSQL connection string, e.g. <c>Host=db;Database=symbolon;Username=symbolon</c>. Default: SQLite in <see cref="DataDirectory"/>.</summary>
    public string? Store { get; init; }
}
