using System.Data.Common;

namespace Symbolon.Storage.Databases;

/// <summary>Where the store is: a file of its own, or a PostgreSQL database that several nodes may share.</summary>
public abstract record StoreAddress
{
    private StoreAddress() { }

    /// <summary>The path of the SQLite file; made when it is not there.</summary>
    public sealed record Sqlite(string Path) : StoreAddress;

    /// <summary>An Npgsql connection string, e.g. <c>Host=/run/postgresql;Database=symbolon;Username=symbolon</c>.</summary>
    public sealed record Postgres(string ConnectionString) : StoreAddress
    {
        /// <summary>Without the connection string: it may hold a password.</summary>
        public override string ToString() => "PostgreSQL";
    }

    /// <param name="dataDirectory">The folder that holds <c>symbolon.db</c> when no <paramref name="store"/> is given.</param>
    /// <param name="store">Null or empty for SQLite, else a PostgreSQL connection string.</param>
    /// <exception cref="StoreStartException">The text is not a connection string with a Host.</exception>
    public static StoreAddress Parse(string dataDirectory, string? store)
    {
        if (string.IsNullOrWhiteSpace(store)) return new Sqlite(System.IO.Path.Combine(dataDirectory, "symbolon.db"));
        try
        {
            var parts = new DbConnectionStringBuilder { ConnectionString = store };
            if (parts.ContainsKey("Host")) return new Postgres(store);
        }
        catch (ArgumentException)
        {
            // Told below without the text, which may hold a password.
        }
        throw new StoreStartException("The store is not understood: expected a PostgreSQL connection string such as \"Host=db;Database=symbolon;Username=symbolon\".");
    }
}
