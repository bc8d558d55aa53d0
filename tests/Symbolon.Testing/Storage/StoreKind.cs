namespace Symbolon.Testing.Storage;

/// <summary>The two databases that every store test runs on.</summary>
public enum StoreKind
{
    Sqlite,
    Postgres,
}
