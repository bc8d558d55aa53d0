using System.Net;
using Microsoft.Data.Sqlite;
using Symbolon.Testing.Processes;

namespace Symbolon.Bench;

/// <summary>The start on a store with a million tokens and ten thousand servers, which are copies of one of each under other names and secrets.</summary>
internal static class FilledStart
{
    private const int Servers = 10_000;
    private const int Tokens = 1_000_000;

    /// <returns>Milliseconds from the start of the process until it is ready.</returns>
    public static async Task<double> MeasureAsync(Uri minimal)
    {
        await using var symbolon = await SymbolonProcess.StartAsync();
        using var setup = new Setup(symbolon);
        await setup.ServerAsync("json", new Uri(minimal, "/json"), Setup.Reads(Fleet.ReadTool));
        await setup.TokenAsync("json");
        await symbolon.KillAsync();
        Fill(Path.Combine(symbolon.Folder, "symbolon.db"));
        var taken = await symbolon.RestartAsync();
        var (status, text) = await setup.Api.SendAsync(HttpMethod.Get, $"/servers/json-{Servers}", null);
        return status == HttpStatusCode.OK ? taken.TotalMilliseconds : throw new InvalidOperationException($"The store was not filled: {text}");
    }

    private static void Fill(string file)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        // Built at the end, in order: a million rows into each of them one by one would take longer than all that is measured.
        var indexes = Ask(connection, "SELECT name || '|' || sql FROM sqlite_master WHERE type='index' AND tbl_name='token' AND sql IS NOT NULL").Select(row => row.Split('|', 2)).ToList();
        Run(connection, $"""
            PRAGMA synchronous=OFF;
            PRAGMA cache_size=-262144;
            BEGIN;
            {string.Concat(indexes.Select(index => $"DROP INDEX {index[0]};"))}
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {Servers})
            INSERT INTO object (organisation, kind, name, version, revision, document, updated_at, updated_by)
            SELECT organisation, kind, name || '-' || i, version, revision, json_set(document, '$.name', name || '-' || i), updated_at, updated_by
            FROM object, n WHERE kind = 'Server';
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {Tokens})
            INSERT INTO token (organisation, id, secret, "user", agent, workflow, expires_at, issued_at, document)
            SELECT organisation, id || '-' || i, randomblob(32), "user", agent, workflow, expires_at, issued_at, json_set(document, '$.id', id || '-' || i)
            FROM (SELECT * FROM token LIMIT 1), n;
            INSERT INTO token_server (organisation, server, token) SELECT organisation, 'json', id FROM token WHERE id LIKE '%-%' ON CONFLICT DO NOTHING;
            {string.Concat(indexes.Select(index => index[1] + ";"))}
            COMMIT;
            """);
    }

    private static List<string> Ask(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read()) rows.Add(reader.GetString(0));
        return rows;
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandTimeout = 0;
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
