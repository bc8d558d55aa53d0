using Symbolon.Core.Audit;
using Symbolon.Core.Policy;
using Symbolon.Storage.Databases;
using Symbolon.Storage.Reading;
using Symbolon.Testing.Storage;

namespace Symbolon.ConformanceTests.Storage;

public sealed class SqliteAuditBlockTests() : AuditBlockTests(StoreKind.Sqlite);

public sealed class PostgresAuditBlockTests() : AuditBlockTests(StoreKind.Postgres);

/// <summary>Notes of which values stand in which blocks of the audit: they spare looking, and never hide a record.</summary>
public abstract class AuditBlockTests(StoreKind kind) : StoreTests(kind)
{
    private const int Window = 500;
    private const long Noted = 3 * AuditBlock.Size + 100;
    private const long Head = Noted + 700;

    private static readonly string?[] Users = [null, "alice@example.com", "alice@example.com", "bob@example.com"];
    private static readonly ReasonCode?[] Codes = [null, null, null, ReasonCode.NotGranted];

    [Fact]
    public async Task A_search_finds_the_same_records_as_looking_at_each_of_them()
    {
        var random = new Random(20261121);
        var rows = Enumerable.Range(1, (int)Head).Select(_ => new Row(
            Any(random, Users), random.Next(3000) == 0 ? "rare" : "common", $"tok_{random.Next(2000)}", Any(random, Codes))).ToList();
        await FillAsync(rows);
        var audit = new AuditStore(Store.Store.Database, Window);
        for (var round = 0; round < 300; round++)
        {
            var sought = rows[random.Next(rows.Count)];
            var query = new AuditQuery
            {
                User = Maybe(random, sought.User), Tool = Maybe(random, sought.Tool), Token = Maybe(random, sought.Token), Code = Maybe(random, sought.Code?.ToText()),
                Lowest = random.Next(4) == 0 ? random.Next((int)Head) : null,
            };
            var (descending, limit, after) = (random.Next(2) == 0, random.Next(1, 40), random.Next(2) == 0 ? null : (long?)random.Next((int)Head + 2));
            var expected = rows.Select((row, i) => (Row: row, Seq: i + 1L)).Where(each => each.Row.IsFoundBy(query) && each.Seq >= (query.Lowest ?? 0)).Select(each => each.Seq)
                .Where(seq => after is null || (descending ? seq < after : seq > after));

            var found = await audit.ReadAsync(Organisation, query, after, descending, limit, Cancellation);

            Assert.Equal((descending ? expected.Reverse() : expected).Take(limit), found.Select(record => record.Seq));
        }
    }

    [Fact]
    public async Task Blocks_in_which_a_value_does_not_stand_are_left_out()
    {
        const long Rare = AuditBlock.Size + 17;
        await FillAsync([.. Enumerable.Range(1, (int)Head).Select(seq => new Row(seq == Rare ? "rare@example.com" : "alice@example.com", "look", "tok_1", seq == Rare ? ReasonCode.NotGranted : null))]);
        var behind = await StretchesAsync(new AuditQuery { User = "nobody@example.com" });
        (long, long) block = (AuditBlock.Size, 2 * AuditBlock.Size - 1);

        Assert.Equal(((Noted + 1, Head), 700 / Window + 1), ((behind[^1].First, behind[0].Last), behind.Count));
        Assert.Equal([.. behind, block], await StretchesAsync(new AuditQuery { User = "rare@example.com" }));
        Assert.Equal([.. behind, block], await StretchesAsync(new AuditQuery { User = "rare@example.com", Code = "not_granted", Tool = "look", Token = "tok_1" }));
        Assert.Equal(block, (await StretchesAsync(new AuditQuery { Code = "not_granted" }, descending: false))[0]);
        Assert.Equal(behind, await StretchesAsync(new AuditQuery { User = "alice@example.com", Code = "wrong_audience" }));
    }

    /// <summary>Notes reach to <see cref="Noted"/> of <see cref="Head"/> records.</summary>
    private async Task FillAsync(IReadOnlyList<Row> rows)
    {
        await AppendAsync(rows.Take((int)Noted));
        while (await Store.UsageFeed.CountAsync(Cancellation)) { }
        await AppendAsync(rows.Skip((int)Noted));
    }

    private async Task AppendAsync(IEnumerable<Row> rows)
    {
        foreach (var stretch in rows.Chunk(500))
        {
            var records = stretch.Select(row => new AuditEvent
            {
                Kind = AuditKind.Request, User = row.User, Tool = row.Tool, Token = row.Token, Server = "deploy", Code = row.Code, Allowed = row.Code is null,
            }).ToList();
            foreach (var record in records) Store.AuditLog.Append(record);
            foreach (var record in records) Assert.True(await record.Durable());
        }
    }

    private Task<List<(long First, long Last)>> StretchesAsync(AuditQuery query, bool descending = true) =>
        new AuditStretches(Store.Store.Database, Window).OfAsync(Organisation, query, 1, Head, descending, Cancellation).ToListAsync(Cancellation).AsTask();

    private static T Any<T>(Random random, IReadOnlyList<T> values) => values[random.Next(values.Count)];

    private static string? Maybe(Random random, string? value) => random.Next(2) == 0 ? null : value;

    private sealed record Row(string? User, string Tool, string Token, ReasonCode? Code)
    {
        public bool IsFoundBy(AuditQuery query) => (query.User is null || query.User == User) && (query.Tool is null || query.Tool == Tool)
            && (query.Token is null || query.Token == Token) && (query.Code is null || query.Code == Code?.ToText());
    }
}
