using System.Text;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.OAuth.Authorizations;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Core.Registry;
using Symbolon.Core.Resources;
using Symbolon.Core.Snapshot;
using Symbolon.Testing;
using Symbolon.Testing.Storage;

namespace Symbolon.ConformanceTests.Storage;

public sealed class SqliteAuthorizationStoreTests() : AuthorizationStoreTests(StoreKind.Sqlite);

public sealed class PostgresAuthorizationStoreTests() : AuthorizationStoreTests(StoreKind.Postgres);

[Trait("area", "oauth")]
public abstract class AuthorizationStoreTests(StoreKind kind) : StoreTests(kind)
{
    private const long Minute = 60_000_000;
    private static readonly long Now = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private IAuthorizationStore Authorizations => Store.Authorizations;

    [Fact]
    [Trait("clause", "DESIGN.md §3 Storage")]
    public async Task A_consent_comes_back_as_it_was_by_its_id_its_code_and_its_refresh_token()
    {
        var authorization = Consent() with { Limits = ResourceSet.Of([new(["read", "write"], ResourcePattern.Parse("docs/team/*", out _)!)]) };
        await GrantAsync(authorization, "code");
        Assert.Equivalent(authorization, await Authorizations.FindAsync(Organisation, authorization.Id, Cancellation), strict: true);
        var (code, found) = (await Authorizations.FindCodeAsync(Organisation, Hash("code"), Cancellation))!.Value;
        Assert.Equal(CodeOf(authorization, "code"), code);
        Assert.Equal((authorization.Id, "read:docs/team/* write:docs/team/*"), (found.Id, found.Limits?.ToString()));
        var first = Token(authorization, "first") with { Key = "thumbprint" };
        Assert.Equal(AuthorizationCommit.Done, await WriteAsync(new AuthorizationWrite.Redeem(Hash("code"), first, Now + 5)));
        var (token, owner) = (await Authorizations.FindRefreshAsync(Organisation, Hash("first"), Cancellation))!.Value;
        Assert.Equal((first, Now + 5), (token, owner.LastUsedAt));
        Assert.Equal(Now + 5, (await Authorizations.FindCodeAsync(Organisation, Hash("code"), Cancellation))!.Value.Code.UsedAt);
        Assert.Null(await Authorizations.FindRefreshAsync(Organisation, Hash("other"), Cancellation));
        Assert.Null(await Authorizations.FindRefreshAsync(new OrganisationId("other"), Hash("first"), Cancellation));
        Assert.Null(await Authorizations.FindAsync(Organisation, AuthorizationId.Create(), Cancellation));
    }

    [Fact]
    [Trait("clause", "RFC 6749 §4.1.2")]
    public async Task A_code_is_used_once_and_in_time()
    {
        var authorization = Consent();
        await GrantAsync(authorization, "code");
        Assert.Equal(AuthorizationCommit.Conflict, await WriteAsync(new AuthorizationWrite.Redeem(Hash("code"), Token(authorization, "late"), Now + Minute)));
        Assert.Equal(AuthorizationCommit.Done, await WriteAsync(new AuthorizationWrite.Redeem(Hash("code"), Token(authorization, "first"), Now)));
        Assert.Equal(AuthorizationCommit.Conflict, await WriteAsync(new AuthorizationWrite.Redeem(Hash("code"), Token(authorization, "second"), Now)));
        Assert.Null(await Authorizations.FindRefreshAsync(Organisation, Hash("second"), Cancellation));
    }

    [Fact]
    [Trait("clause", "RFC 9700 §4.14.2")]
    [Trait("long", LongRun.SingleCode)]
    public async Task Of_a_hundred_uses_at_once_on_two_nodes_one_wins()
    {
        using var run = new LongRun($"{LongRun.SingleCode} on {Kind}", seed: 0);
        // Two processes never share a SQLite store.
        using var other = Kind == StoreKind.Postgres ? new OpenStore(Database.Options) : null;
        for (var round = 0; round < TestSize.Of(20, 1000); round++)
        {
            var authorization = Consent();
            var (code, first, next) = ($"code{round}", $"first{round}", $"next{round}");
            await GrantAsync(authorization, code);
            await RaceAsync(other, () => new AuthorizationWrite.Redeem(Hash(code), Token(authorization, first), Now));
            await RaceAsync(other, () => new AuthorizationWrite.Rotate(Hash(first), Token(authorization, next), Now));
            await OpenOnceAsync(other, round);
            run.Count("rounds", 1);
            run.Count("uses", 300);
        }
        run.Pass();
    }

    private async Task RaceAsync(OpenStore? other, Func<AuthorizationWrite> step)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i =>
            (i % 2 == 0 ? Store : other ?? Store).Authorizations.WriteAsync(Organisation, step(), [], [Record("issue")], Cancellation)));
        Assert.Single(answers, AuthorizationCommit.Done);
        Assert.Equal(99, answers.Count(answer => answer == AuthorizationCommit.Conflict));
    }

    /// <summary>Of a hundred browsers one opens a pushed request (RFC 9126 §7.3), and may load it again.</summary>
    private async Task OpenOnceAsync(OpenStore? other, int round)
    {
        var request = new PushedRequest(Hash($"request{round}"), new ClientId($"cli{round}"), "a=b", Now + Minute);
        Assert.Equal(AuthorizationCommit.Done, await WriteAsync(new AuthorizationWrite.Push(request)));
        var opened = await Task.WhenAll(Enumerable.Range(0, 100).Select(i =>
            (i % 2 == 0 ? Store : other ?? Store).Authorizations.OpenAsync(Organisation, request.Hash, request.Client, Hash($"browser{i}"), Now, Now + 10 * Minute, Cancellation)));
        var mine = Array.FindIndex(opened, found => found is not null);
        Assert.Single(opened, found => found is not null);
        Assert.Equal((request.Client, request.Parameters, Now + 10 * Minute), (opened[mine]!.Client, opened[mine]!.Parameters, opened[mine]!.ExpiresAt));
        Assert.NotNull(await Authorizations.OpenAsync(Organisation, request.Hash, request.Client, Hash($"browser{mine}"), Now + 9 * Minute, Now + 20 * Minute, Cancellation));
        Assert.Null(await Authorizations.OpenAsync(Organisation, request.Hash, request.Client, Hash($"browser{mine}"), Now + 10 * Minute, Now + 20 * Minute, Cancellation));
    }

    [Fact]
    [Trait("clause", "RFC 9126 §2.2")]
    public async Task A_pushed_request_is_over_when_nobody_opened_it_and_a_client_has_two_hundred_at_most()
    {
        for (var i = 0; i < 200; i++)
            Assert.Equal(AuthorizationCommit.Done, await WriteAsync(new AuthorizationWrite.Push(new PushedRequest(Hash($"r{i}"), new ClientId("cli"), "a=b", Now + 10 * Minute))));
        Assert.Equal(AuthorizationCommit.Conflict, await WriteAsync(new AuthorizationWrite.Push(new PushedRequest(Hash("one more"), new ClientId("cli"), "a=b", Now + 10 * Minute))));
        Assert.Equal(AuthorizationCommit.Done, await WriteAsync(new AuthorizationWrite.Push(new PushedRequest(Hash("of another"), new ClientId("web"), "a=b", Now + 10 * Minute))));
        Assert.Null(await Authorizations.OpenAsync(Organisation, Hash("r0"), new("cli"), Hash("browser"), Now + 10 * Minute, Now + 20 * Minute, Cancellation));
    }

    [Fact]
    [Trait("clause", "IDENTITY.md §1.1 PAR")]
    [Trait("hostile", "par")]
    public async Task A_network_that_fills_its_places_takes_nobody_elses()
    {
        Assert.Equal(200, await FillAsync("cli", "here", 300));
        Assert.Equal(200, await FillAsync("web", "here", 300));
        Assert.Equal(0, await FillAsync("third", "here", 1));
        foreach (var (client, peer) in new[] { ("cli", "there"), ("cli", ""), ("third", "") }) Assert.Equal(1, await FillAsync(client, peer, 1));
        for (var i = 0; i < 4; i++) await FillAsync($"of {i}", $"network {i}", 200);
        for (var i = 0; i < 4; i++) await FillAsync($"more of {i}", $"network {i}", 200);
        Assert.Equal(0, await FillAsync("late", "elsewhere", 1));
        // Who proved itself has its place.
        Assert.Equal(1, await FillAsync("late", "", 1));

        async Task<int> FillAsync(string client, string peer, int count)
        {
            var done = 0;
            foreach (var some in Enumerable.Range(0, count).Chunk(50))
            {
                var answers = await Task.WhenAll(some.Select(i =>
                    WriteAsync(new AuthorizationWrite.Push(new PushedRequest(Hash($"{client} {peer} {i}"), new ClientId(client), "a=b", Now + 10 * Minute, peer)))));
                done += answers.Count(answer => answer == AuthorizationCommit.Done);
            }
            return done;
        }
    }

    [Fact]
    [Trait("clause", "RFC 9126 §7.3")]
    public async Task A_pushed_request_is_answered_once_whatever_the_answer_is()
    {
        var (authorization, other) = (Consent(), Consent());
        await GrantAsync(authorization, "code");
        AuthorizationWrite[] answers =
            [new AuthorizationWrite.Again(CodeOf(authorization, "again")), new AuthorizationWrite.Refuse(), new AuthorizationWrite.Grant(other, CodeOf(other, "other"))];
        foreach (var (i, answer) in answers.Index())
        {
            await WriteAsync(new AuthorizationWrite.Push(new PushedRequest(Hash($"r{i}"), new ClientId("cli"), "a=b", Now + 10 * Minute)));
            Assert.Equal(AuthorizationCommit.Done, await WriteAsync(answer with { Pushed = Hash($"r{i}") }));
            Assert.Null(await Authorizations.OpenAsync(Organisation, Hash($"r{i}"), new("cli"), Hash("browser"), Now, Now + Minute, Cancellation));
            Assert.Equal(AuthorizationCommit.Conflict, await WriteAsync(new AuthorizationWrite.Refuse { Pushed = Hash($"r{i}") }));
        }
        Assert.Equal(authorization.Id, (await Authorizations.FindCodeAsync(Organisation, Hash("again"), Cancellation))!.Value.Authorization.Id);
        Assert.Equal(AuthorizationCommit.Conflict, await WriteAsync(new AuthorizationWrite.Again(CodeOf(Consent(), "of nothing"))));
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Audit durability")]
    public async Task The_records_come_with_the_step_and_a_replay_leaves_no_step_behind()
    {
        var authorization = Consent();
        var use = ProofUse.Of(Organisation, "consent form", "id", Now + Minute);
        Assert.Equal(AuthorizationCommit.Done,
            await Authorizations.WriteAsync(Organisation, new AuthorizationWrite.Grant(authorization, CodeOf(authorization, "a")), [use], [Record("consent")], Cancellation));
        var other = Consent();
        Assert.Equal(AuthorizationCommit.Replayed, await Authorizations.WriteAsync(
            Organisation, new AuthorizationWrite.Grant(other, CodeOf(other, "b")), [ProofUse.Of(Organisation, "consent form", "id", Now + Minute)], [Record("consent")], Cancellation));
        Assert.Null(await Authorizations.FindAsync(Organisation, other.Id, Cancellation));
        Assert.Single(await Store.Audit.ReadAsync(Organisation, new AuditQuery { Kind = "consent" }, null, false, 10, Cancellation));
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Audit durability")]
    public async Task A_step_that_does_not_find_what_it_expected_uses_nothing_up()
    {
        var authorization = Consent();
        await GrantAsync(authorization, "code");
        var use = ProofUse.Of(Organisation, "client", "id", Now + Minute);
        Assert.Equal(AuthorizationCommit.Conflict, await Authorizations.WriteAsync(Organisation, new AuthorizationWrite.Redeem(Hash("none"), Token(authorization, "x"), Now), [use], [Record("x")], Cancellation));
        Assert.Equal(AuthorizationCommit.Done, await Authorizations.WriteAsync(Organisation, new AuthorizationWrite.Redeem(Hash("code"), Token(authorization, "x"), Now), [use], [Record("x")], Cancellation));
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Addresses")]
    public async Task They_are_listed_by_person_and_client_the_youngest_first_in_pages()
    {
        for (var i = 0; i < 7; i++)
            await GrantAsync(Consent() with { CreatedAt = Now + i / 2, Client = new ClientId(i % 2 == 0 ? "cli" : "web"), Holder = new Holder { User = UserEmail.Parse(i < 5 ? "alice@example.com" : "bob@example.com") } }, $"c{i}");
        var all = await Authorizations.ListAsync(Organisation, new AuthorizationQuery(), null, Now, 100, Cancellation);
        Assert.Equal(7, all.Count);
        Assert.Equal(all.Select(each => each.CreatedAt).OrderDescending(), all.Select(each => each.CreatedAt));
        Assert.Equal(all.Skip(3).Select(each => each.Id), (await Authorizations.ListAsync(Organisation, new AuthorizationQuery(), AuthorizationMark.Of(all[2]), Now, 100, Cancellation)).Select(each => each.Id));
        Assert.Equal(5, (await Authorizations.ListAsync(Organisation, new AuthorizationQuery { User = UserEmail.Parse("alice@example.com") }, null, Now, 100, Cancellation)).Count);
        Assert.Equal(3, (await Authorizations.ListAsync(Organisation, new AuthorizationQuery { User = UserEmail.Parse("alice@example.com"), Client = new ClientId("cli") }, null, Now, 100, Cancellation)).Count);
        Assert.Empty(await Authorizations.ListAsync(Organisation, new AuthorizationQuery { Server = new ServerName("elsewhere") }, null, Now, 100, Cancellation));
        Assert.Equal(7, (await Authorizations.ListAsync(Organisation, new AuthorizationQuery { Server = all[0].Access.Server }, null, Now, 100, Cancellation)).Count);
        Assert.Empty(await Authorizations.ListAsync(Organisation, new AuthorizationQuery(), null, Now + 40 * 1440 * Minute, 100, Cancellation));
    }

    [Fact]
    [Trait("clause", "DESIGN.md §5 no. 9")]
    public async Task Of_one_person_and_client_at_one_server_the_youngest_fifty_are_kept()
    {
        var consents = Enumerable.Range(0, 55).Select(i => Consent() with { CreatedAt = Now + i }).ToList();
        foreach (var (i, consent) in consents.Index()) await GrantAsync(consent, $"c{i}");
        var kept = await Authorizations.ListAsync(Organisation, new AuthorizationQuery(), null, Now, 100, Cancellation);
        Assert.Equal(consents.Skip(5).Select(each => each.Id).Reverse(), kept.Select(each => each.Id));
        Assert.Null(await Authorizations.FindCodeAsync(Organisation, Hash("c0"), Cancellation));
    }

    [Fact]
    [Trait("clause", "RFC 7591 §5")]
    public async Task A_client_that_registered_itself_is_kept_a_day_and_ninety_days_past_a_consent()
    {
        var now = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        var client = new DynamicClient { Id = new ClientId("dyn:abc"), Name = "App “x”", Redirects = ["cursor://x/cb", "http://localhost/cb"], CreatedAt = now };
        Assert.True(await Store.DynamicClients.TryAddAsync(Organisation, client, "peer", [Record("register")], Cancellation));
        Assert.Equivalent(client, await Store.DynamicClients.FindAsync(Organisation, client.Id, now, Cancellation), strict: true);
        Assert.Null(await Store.DynamicClients.FindAsync(Organisation, client.Id, now + 1441 * Minute, Cancellation));
        await GrantAsync(Consent() with { Client = client.Id }, "code");
        Assert.NotNull(await Store.DynamicClients.FindAsync(Organisation, client.Id, now + 89 * 1440 * Minute, Cancellation));
        Assert.Null(await Store.DynamicClients.FindAsync(Organisation, client.Id, now + 91 * 1440 * Minute, Cancellation));
    }

    [Fact]
    [Trait("clause", "RFC 7591 §5")]
    public async Task From_one_network_twenty_unused_clients_come_and_no_more()
    {
        for (var i = 0; i < 20; i++) Assert.True(await Store.DynamicClients.TryAddAsync(Organisation, Client(i), "peer", [], Cancellation));
        Assert.False(await Store.DynamicClients.TryAddAsync(Organisation, Client(20), "peer", [], Cancellation));
        Assert.True(await Store.DynamicClients.TryAddAsync(Organisation, Client(21), "another", [], Cancellation));
        await GrantAsync(Consent() with { Client = Client(0).Id }, "code");
        Assert.True(await Store.DynamicClients.TryAddAsync(Organisation, Client(22), "peer", [], Cancellation));

        static DynamicClient Client(int i) => new() { Id = new ClientId($"dyn:{i}"), Name = "App", Redirects = ["https://app.example/cb"], CreatedAt = Now };
    }

    private async Task GrantAsync(Authorization authorization, string code) =>
        Assert.Equal(AuthorizationCommit.Done, await WriteAsync(new AuthorizationWrite.Grant(authorization, CodeOf(authorization, code))));

    private Task<AuthorizationCommit> WriteAsync(AuthorizationWrite write) => Authorizations.WriteAsync(Organisation, write, [], [], Cancellation);

    private static Authorization Consent() => new()
    {
        Id = AuthorizationId.Create(), Organisation = Organisation, Holder = new Holder { User = UserEmail.Parse("alice@example.com"), Agent = new AgentName("bot") },
        Client = new ClientId("cli"), ClientName = "Claude “Code”", RedirectHost = "127.0.0.1:7000", Origin = "https://symbolon.example.com",
        Access = new ServerAccess { Server = new ServerName("shop"), Tools = [new ToolName("look"), new ToolName("change")] }, CreatedAt = Now, ExpiresAt = Now + 30 * 1440 * Minute,
    };

    private static AuthorizationCode CodeOf(Authorization authorization, string text) => new()
    {
        Hash = Hash(text), Authorization = authorization.Id, Client = authorization.Client, RedirectUri = "http://127.0.0.1:7000/cb", Challenge = new string('c', 43), Key = "k", ExpiresAt = Now + Minute,
    };

    private static RefreshToken Token(Authorization authorization, string text) => new(Hash(text), authorization.Id, null, Now, Now + 7 * 1440 * Minute);

    private static TokenHash Hash(string text) => TokenHash.Of(Encoding.UTF8.GetBytes(text));

    private static AuditEvent Record(string action) => new() { Kind = AuditKind.Consent, Time = Now, By = "alice@example.com", Action = action, Allowed = true };
}
