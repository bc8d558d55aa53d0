using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Symbolon.Testing.Mcp;
using Symbolon.Testing.Processes;
using Symbolon.Testing.Storage;

namespace Symbolon.Bench;

/// <summary>A console that somebody is signed in to, over a store with so many tokens and audit records.</summary>
internal sealed partial class FilledConsole : IAsyncDisposable
{
    private readonly SymbolonProcess symbolon;

    private FilledConsole(SymbolonProcess symbolon) => this.symbolon = symbolon;

    public HttpClient Client { get; } = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromMinutes(1) };

    public Uri AddressOf(string page) => new(symbolon.Url, page);

    public static async Task<FilledConsole> StartAsync(Uri minimal, int tokens, int records)
    {
        var console = new FilledConsole(await SymbolonProcess.StartAsync());
        await console.UseAsync(minimal);
        await console.symbolon.KillAsync();
        console.Fill(tokens, records);
        await console.symbolon.RestartAsync();
        // What it counts behind the audit is counted before anything is measured.
        await Deadline.ForAsync("the audit to be counted", console.IsCounted, TimeSpan.FromMinutes(10));
        await console.SignInAsync();
        return console;
    }

    /// <summary>Leaves one of each in the store: calls that were allowed and refused, by a person through an agent.</summary>
    private async Task UseAsync(Uri minimal)
    {
        using var setup = new Setup(symbolon);
        using var wire = new McpWire(symbolon.Url);
        await setup.ServerAsync("json", new Uri(minimal, "/json"), Setup.Reads(Fleet.ReadTool));
        var token = await setup.TokenAsync($"json:{Fleet.ReadTool}");
        for (var call = 0; call < 10; call++)
        {
            await wire.CallAsync("json", token.Secret, Fleet.ReadTool);
            await wire.CallAsync("json", token.Secret, Fleet.WriteTool);
        }
    }

    private void Fill(int tokens, int records)
    {
        // A store that was opened in this process has found the system's library for all that comes after it.
        using (var database = TestDatabase.Create(StoreKind.Sqlite)) new OpenStore(database.Options).Dispose();
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(symbolon.Folder, "symbolon.db"), Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandTimeout = 0;
        // Records a second apart, the last a minute ago; each pair of a call's records has a call of its own.
        command.CommandText = $"""
            PRAGMA synchronous=OFF;
            PRAGMA cache_size=-262144;
            BEGIN;
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {tokens})
            INSERT INTO token (organisation, id, secret, "user", agent, workflow, expires_at, issued_at, document)
            SELECT organisation, id || '-' || i, randomblob(32), "user", agent, workflow, expires_at, issued_at, json_set(document, '$.id', id || '-' || i)
            FROM (SELECT * FROM token LIMIT 1), n;
            INSERT INTO token_server (organisation, server, token) SELECT organisation, 'json', id FROM token WHERE id LIKE '%-%' ON CONFLICT DO NOTHING;

            CREATE TEMP TABLE seed AS SELECT row_number() OVER (ORDER BY seq) - 1 AS position, * FROM audit WHERE call IS NOT NULL;
            CREATE TEMP TABLE head AS SELECT number, seq AS last, (SELECT count(*) FROM seed) AS size, time + 1000000 - {records} * 1000000 AS first FROM audit_chain;
            WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {records} - 1),
                copy AS (SELECT *, printf('%08d', i / size) || substr(hex(call), -8) AS own FROM n CROSS JOIN head JOIN seed ON seed.position = n.i % size)
            INSERT INTO audit (place, organisation, seq, time, kind, call, "user", agent, workflow, server, tool, token, code, hash, record)
            SELECT (number << 40) | (last + 1 + i), organisation, last + 1 + i, first + i * 1000000, kind,
                CAST(own AS BLOB), "user", agent, workflow, server, tool, token, code, hash,
                CAST(json_set(CAST(record AS TEXT), '$.seq', last + 1 + i, '$.recorded', first + i * 1000000, '$.event.time', first + i * 1000000,
                    '$.event.call', lower(substr(hex(own), 1, 8) || '-' || substr(hex(own), 9, 4) || '-' || substr(hex(own), 13, 4) || '-' || substr(hex(own), 17, 4) || '-' || substr(hex(own), 21))) AS BLOB)
            FROM copy;
            UPDATE audit_chain SET seq=(SELECT max(seq) FROM audit);
            UPDATE node_mark SET seq=(SELECT max(seq) + 1 FROM audit);
            COMMIT;
            """;
        command.ExecuteNonQuery();
    }

    private bool IsCounted()
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(symbolon.Folder, "symbolon.db"), Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT (SELECT seq FROM usage_mark) >= (SELECT seq FROM audit_chain)";
        return command.ExecuteScalar() is 1L;
    }

    private async Task SignInAsync()
    {
        var page = await Client.GetStringAsync(AddressOf("/sign-in"));
        using var answer = await Client.PostAsync(AddressOf("/sign-in/token"), new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["form"] = FormToken().Match(page).Groups[1].Value,
            ["token"] = symbolon.AdminToken,
        }));
        if (answer.StatusCode != HttpStatusCode.OK) throw new InvalidOperationException($"Signing in was answered {(int)answer.StatusCode}.");
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await symbolon.DisposeAsync();
    }

    [GeneratedRegex("name=\"form\" value=\"([^\"]+)\"")]
    private static partial Regex FormToken();
}
