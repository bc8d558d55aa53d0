using System.Data.Common;
using System.Globalization;
using System.Reflection;
using Dapper;

namespace Symbolon.Storage.Databases;

/// <summary>
/// Brings the schema to the state that this program knows, forward only, one numbered file after the other in one transaction, so that
/// starters at the same time wait for one another and a half-migrated store cannot be.
/// </summary>
internal static class Migrations
{
    /// <summary>Seconds: another starter may be migrating a large store.</summary>
    private const int Patience = 300;

    private static readonly Assembly Here = typeof(Migrations).Assembly;

    /// <param name="upTo">The last one to apply; a test of the next one fills the store behind it.</param>
    /// <exception cref="StoreStartException">The schema is newer than this program.</exception>
    public static void Apply(DbConnection connection, Dialect dialect, int upTo = int.MaxValue)
    {
        var known = Known(dialect);
        connection.Execute(dialect.BeginWrite, commandTimeout: Patience);
        connection.Execute(dialect.LockSchema, commandTimeout: Patience);
        connection.Execute("CREATE TABLE IF NOT EXISTS migration (version bigint NOT NULL PRIMARY KEY)", commandTimeout: Patience);
        var present = connection.QuerySingle<long>("SELECT coalesce(max(version), 0) FROM migration");
        if (present > known.Count)
            throw new StoreStartException($"The store has schema {present}, this program knows {known.Count}: use a program at least as new as the one that was used last.");
        for (var version = present + 1; version <= Math.Min(known.Count, upTo); version++)
        {
            // However long it takes: a large store that was given up on here could never start again.
            connection.Execute(known[(int)version - 1], commandTimeout: 0);
            connection.Execute("INSERT INTO migration (version) VALUES (@version)", new { version });
        }
        connection.Execute("COMMIT", commandTimeout: Patience);
    }

    private static List<string> Known(Dialect dialect)
    {
        var prefix = $"Migrations/{dialect.Name}/";
        var names = Here.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        if (names.Count == 0) throw new InvalidOperationException($"No migrations of {dialect.Name} are in the program.");
        for (var i = 0; i < names.Count; i++)
            if (int.Parse(names[i].AsSpan(prefix.Length, 4), CultureInfo.InvariantCulture) != i + 1)
                throw new InvalidOperationException($"The migrations of {dialect.Name} are not numbered without a gap.");
        return [.. names.Select(Read)];
    }

    private static string Read(string name)
    {
        using var reader = new StreamReader(Here.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
