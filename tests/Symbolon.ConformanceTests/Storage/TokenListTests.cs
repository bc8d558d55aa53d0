using System.Data.Common;
using Dapper;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;
using Symbolon.Storage.Databases;
using Symbolon.Storage.Reading;
using Symbolon.Testing.Storage;

namespace Symbolon.ConformanceTests.Storage;

public sealed class SqliteTokenListTests() : TokenListTests(StoreKind.Sqlite)
{
    [Theory]
    [InlineData(TokenSort.Id)]
    [InlineData(TokenSort.Expires)]
    [InlineData(TokenSort.Issued)]
    [InlineData(TokenSort.LastUsed)]
    public void A_page_is_found_in_the_order_of_an_index(TokenSort sort)
    {
        _ = Store;
        using var database = new SqliteDatabase(Path.Combine(Database.Folder, "symbolon.db"));
        using var connection = database.OpenForWriting();
        foreach (var query in new[]
        {
            new TokenQuery { LiveAt = Samples.Now },
            new TokenQuery { LiveAt = Samples.Now, Text = "release" },
            new TokenQuery { Initiator = HolderKind.User, ExpiresBefore = Samples.Now },
            new TokenQuery { Server = "deploy", ExpiredAt = Samples.Now },
            new TokenQuery { Revoked = true },
        })
            Assert.DoesNotContain(PlanOf(connection, query with { Sort = sort }), step => step.Contains("ORDER BY", StringComparison.Ordinal));
        foreach (var query in new[] { new TokenQuery { User = "x", LiveAt = Samples.Now }, new TokenQuery { Agent = "x" }, new TokenQuery { Workflow = "x" } })
            Assert.Contains(PlanOf(connection, query with { Sort = sort }), step => step.Contains("COVERING INDEX token_", StringComparison.Ordinal) || step.Contains("sqlite_autoindex_token_1", StringComparison.Ordinal));
    }

    [Fact]
    public void The_rows_of_the_page_alone_are_read_and_what_has_ended_is_looked_for_from_the_epochs()
    {
        _ = Store;
        using var database = new SqliteDatabase(Path.Combine(Database.Folder, "symbolon.db"));
        using var connection = database.OpenForWriting();
        foreach (var sort in Enum.GetValues<TokenSort>())
            Assert.Contains("(organisation=? AND id=?)", StepsOf(connection, TokenListSql.Of(new TokenQuery { Sort = sort, LiveAt = 0 }, isContinued: false, Dialect.Sqlite))[0], StringComparison.Ordinal);

        var ended = StepsOf(connection, TokenListSql.Of(new TokenQuery { Sort = TokenSort.Expires, Revoked = true }, isContinued: false, Dialect.Sqlite));
        foreach (var holder in new[] { "user", "agent", "workflow" })
            Assert.Contains(ended, step => step.EndsWith($"COVERING INDEX token_{holder} (organisation=? AND {holder}=?)", StringComparison.Ordinal));
    }

    /// <summary>How the ids of a page are found; that page alone is then sorted again.</summary>
    private static List<string> PlanOf(DbConnection connection, TokenQuery query)
    {
        var sql = TokenListSql.Of(query, isContinued: true, Dialect.Sqlite);
        const string Ids = "AND id IN (";
        const string End = "LIMIT @limit)";
        var inner = sql[..sql.IndexOf("SELECT document", StringComparison.Ordinal)] + sql[(sql.IndexOf(Ids, StringComparison.Ordinal) + Ids.Length)..(sql.LastIndexOf(End, StringComparison.Ordinal) + End.Length - 1)];
        return StepsOf(connection, inner);
    }

    private static List<string> StepsOf(DbConnection connection, string sql) =>
        [.. connection.Query<(long, long, long, string Detail)>($"EXPLAIN QUERY PLAN {sql}", new
        {
            organisation = "default", id = "x", key = 0L, user = "x", agent = "x", workflow = "x", server = "x", text = "x", pattern = "x", liveAt = 0L, expiredAt = 0L, expiresBefore = 0L, limit = 50L,
        }).Select(step => step.Detail)];
}

public sealed class PostgresTokenListTests() : TokenListTests(StoreKind.Postgres);

public abstract class TokenListTests(StoreKind kind) : StoreTests(kind)
{
    [Theory]
    [InlineData(TokenSort.Expires, "cabd")]
    [InlineData(TokenSort.Issued, "dbca")]
    [InlineData(TokenSort.LastUsed, "bdac")]
    [InlineData(TokenSort.Id, "abcd")]
    public async Task A_list_is_sorted_both_ways_and_its_pages_join_without_a_gap(TokenSort sort, string upwards)
    {
        await InsertAsync(Token("tok_a", expires: 20, issued: 40), Token("tok_b", expires: 20, issued: 20), Token("tok_c", expires: 10, issued: 30), Token("tok_d", expires: 30, issued: 10));
        await UseAsync("tok_c", 900);
        await UseAsync("tok_a", 800);

        Assert.Equal(upwards, await IdsAsync(new() { Sort = sort }));
        Assert.Equal(string.Concat(upwards.Reverse()), await IdsAsync(new() { Sort = sort, Descending = true }));
        foreach (var descending in new[] { false, true })
        {
            var query = new TokenQuery { Sort = sort, Descending = descending };
            var joined = "";
            TokenMark? after = null;
            for (var i = 0; i < 4; i++)
            {
                var page = Assert.Single(await Store.Tokens.ListAsync(Organisation, query, after, 1, Cancellation));
                joined += page.Id.Value[4..];
                after = TokenMark.Of(page, sort);
            }
            Assert.Equal(await IdsAsync(query), joined);
            Assert.Empty(await Store.Tokens.ListAsync(Organisation, query, after, 1, Cancellation));
        }
    }

    [Fact]
    public async Task A_list_is_filtered_by_who_starts_what_a_token_does()
    {
        await InsertAsync(Token("tok_p") with { Holder = new Holder { User = UserEmail.Parse("a@example.com") } }, Token("tok_a"),
            Token("tok_w") with { Holder = new Holder { User = UserEmail.Parse("a@example.com"), Agent = new AgentName("bot"), Workflow = new WorkflowName("nightly") } });

        Assert.Equal("p", await IdsAsync(new() { Initiator = HolderKind.User }));
        Assert.Equal("a", await IdsAsync(new() { Initiator = HolderKind.Agent }));
        Assert.Equal("w", await IdsAsync(new() { Initiator = HolderKind.Workflow }));
    }

    [Fact]
    public async Task A_text_is_found_anywhere_in_a_holders_name_or_is_a_whole_id_and_has_no_wildcards()
    {
        var id = $"tok_{new string('0', 22)}";
        await InsertAsync(Samples.Token("tok_1", "alice@example.com"), Samples.Token("tok_2", "bob_x@example.com", "clock"), Samples.Token(id, "carol@example.com"),
            Token("tok_3") with { Holder = new Holder { Workflow = new WorkflowName("nightly-report") } });

        Assert.Equal("1", await IdsAsync(new() { Text = "lice@" }));
        Assert.Equal("3", await IdsAsync(new() { Text = "report" }));
        Assert.Equal("2", await IdsAsync(new() { Text = "b_x" }));
        Assert.Equal("", await IdsAsync(new() { Text = "%" }));
        Assert.Equal(id[4..], await IdsAsync(new() { Text = id }));
        Assert.Equal("2", await IdsAsync(new() { Text = "loc", TextServers = ["clock", "other"] }));
        Assert.Equal($"{id[4..]}12", await IdsAsync(new() { Text = "claude" }));
        Assert.Equal("", await IdsAsync(new() { Text = "\0" }));
    }

    [Fact]
    public async Task A_list_is_filtered_by_when_tokens_end_and_whether_they_have()
    {
        await InsertAsync(Token("tok_a", expires: 10), Token("tok_b", expires: 20), Token("tok_c", expires: 30));
        await CommitAsync(new Change.RevokeToken(new("tok_a"), Samples.Now));

        Assert.Equal("ab", await IdsAsync(new() { ExpiresBefore = Samples.Now + 30 }));
        Assert.Equal("b", await IdsAsync(new() { ExpiredAt = Samples.Now + 20 }));
        Assert.Equal("c", await IdsAsync(new() { LiveAt = Samples.Now + 20 }));
        Assert.Equal("a", await IdsAsync(new() { Revoked = true }));
    }

    [Theory]
    [InlineData(RevocationLevel.User, "alice@example.com")]
    [InlineData(RevocationLevel.Agent, "claude-code")]
    [InlineData(RevocationLevel.Server, "deploy")]
    [InlineData(RevocationLevel.Organisation, "default")]
    public async Task What_an_epoch_ended_is_among_the_revoked_and_what_was_issued_later_is_not(RevocationLevel level, string target)
    {
        await InsertAsync(Samples.Token("tok_1"));
        Assert.Equal("", await IdsAsync(new() { Revoked = true }));

        await CommitAsync(new Change.RaiseEpoch(level, target, Samples.Now + 5));
        await InsertAsync(Samples.Token("tok_2") with { IssuedAt = Samples.Now + 6 });

        Assert.Equal("1", await IdsAsync(new() { Revoked = true }));
    }

    private static TokenRecord Token(string id, long expires = 10, long issued = 0) => Samples.Token(id, expires: Samples.Now + expires) with { IssuedAt = Samples.Now + issued };

    private async Task InsertAsync(params TokenRecord[] tokens)
    {
        foreach (var token in tokens) Assert.IsType<CommitResult.Committed>(await CommitAsync(new Change.InsertToken(token, Samples.Secret(token.Id.Value))));
    }

    private async Task UseAsync(string token, long after)
    {
        var call = Samples.Call(AuditKind.CallIntent, Guid.NewGuid(), token);
        call.Time = Samples.Now + after;
        Assert.True(await AppendAsync(Store.AuditLog, call));
    }

    private async Task<string> IdsAsync(TokenQuery query) =>
        string.Concat((await Store.Tokens.ListAsync(Organisation, query, null, 100, Cancellation)).Select(token => token.Id.Value[4..]));
}
