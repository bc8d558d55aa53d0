using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;
using Symbolon.Gateway.Authentication;
using Symbolon.Gateway.ToolCalls;

namespace Symbolon.UnitTests.Gateway;

[Trait("area", "gateway")]
public sealed class AuthenticationTests : IDisposable
{
    private const string Ping = """{"jsonrpc":"2.0","id":1,"method":"ping"}""";
    private readonly GatewayRig rig = new();

    public void Dispose() => rig.Dispose();

    public static TheoryData<string?, int, string> Headers => new()
    {
        { null, 401, "unauthenticated" },
        { "", 401, "unauthenticated" },
        { "Basic YTpi", 401, "unauthenticated" },
        { "Bearer", 401, "unauthenticated" },
        { "Bearer x", 401, "unauthenticated" },
        { "Bearer eyJhbGciOiJFUzI1NiJ9.e30.c2ln", 401, "unauthenticated" },
        { "Bearer " + PastedToken.Create(TokenKind.Admin), 401, "wrong_audience" },
        { "Bearer " + PastedToken.Create(TokenKind.Enrolment), 401, "wrong_audience" },
        { "Bearer " + PastedToken.Create(TokenKind.User), 401, "unauthenticated" },
        { "Bearer a, Bearer b", 400, "malformed_request" },
    };

    [Theory]
    [MemberData(nameof(Headers))]
    public async Task A_token_that_is_not_known_is_refused_with_a_plain_challenge(string? header, int status, string code)
    {
        var answer = await rig.PostAsync(Ping, context => context.Request.Headers.Authorization = header);
        Assert.Equal((status, code), (answer.Status, answer.ErrorCode));
        if (status == 401)
        {
            Assert.StartsWith("Bearer", answer.Headers.WWWAuthenticate.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("resource_metadata", answer.Headers.WWWAuthenticate.ToString(), StringComparison.Ordinal);
        }
        Assert.Empty(rig.Audit.Records);
    }

    [Fact]
    public async Task The_body_of_an_unknown_caller_is_never_read()
    {
        var answer = await rig.PostAsync(Ping, context =>
        {
            context.Request.Headers.Authorization = default;
            context.Request.Body = new UnreadableStream();
        });
        Assert.Equal(401, answer.Status);
    }

    [Fact]
    public async Task A_mistyped_token_costs_no_look_up()
    {
        var mistyped = rig.Token[..20] + (rig.Token[20] == 'x' ? 'y' : 'x') + rig.Token[21..];
        Assert.Equal(401, (await rig.PostAsync(Ping, context => context.Request.Headers.Authorization = "Bearer " + mistyped)).Status);
        Assert.Equal(0, rig.Tokens.LookUps);
    }

    [Fact]
    public async Task Two_headers_and_a_token_in_the_address_are_malformed()
    {
        var twice = await rig.PostAsync(Ping, context => context.Request.Headers.Authorization = new(["Bearer " + rig.Token, "Bearer " + rig.Token]));
        var query = await rig.PostAsync(Ping, context => context.Request.QueryString = new("?access_token=" + rig.Token));
        var other = await rig.PostAsync(Ping, context => context.Request.QueryString = new("?t=" + rig.Token));
        var encoded = await rig.PostAsync(Ping, context => context.Request.QueryString = new("?%61ccess%5Ftoken=x"));
        Assert.Equal((400, 400, 400, 400), (twice.Status, query.Status, other.Status, encoded.Status));
    }

    [Fact]
    public async Task A_token_is_looked_up_once()
    {
        for (var i = 0; i < 5; i++) Assert.Equal(200, (await rig.PostAsync(Ping)).Status);
        Assert.Equal(1, rig.Tokens.LookUps);
    }

    [Fact]
    public async Task Many_tokens_that_are_known_to_the_store_are_not_rationed()
    {
        for (var i = 0; i < 60; i++)
        {
            var secret = PastedToken.Create(TokenKind.Agent);
            rig.Tokens.Put(secret, rig.TokenOf($"tok_many_{i}"));
            Assert.Equal(200, (await rig.PostAsync(Ping, context => context.Request.Headers.Authorization = "Bearer " + secret)).Status);
        }
    }

    [Fact]
    public async Task An_unknown_token_is_looked_up_once_and_a_flood_of_them_is_rationed()
    {
        var unknown = PastedToken.Create(TokenKind.User);
        for (var i = 0; i < 5; i++) await rig.PostAsync(Ping, context => context.Request.Headers.Authorization = "Bearer " + unknown);
        Assert.Equal(1, rig.Tokens.LookUps);

        var statuses = new List<int>();
        for (var i = 0; i < 40; i++)
            statuses.Add((await rig.PostAsync(Ping, context => context.Request.Headers.Authorization = "Bearer " + PastedToken.Create(TokenKind.User))).Status);
        Assert.Equal(20, rig.Tokens.LookUps);
        Assert.Contains(429, statuses);
        Assert.Equal(401, (await rig.PostAsync(Ping, context =>
        {
            context.Request.Headers.Authorization = "Bearer " + PastedToken.Create(TokenKind.User);
            context.Connection.RemoteIpAddress = System.Net.IPAddress.Parse("192.0.2.7");
        })).Status);
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        rig.Freshness.Confirm(rig.Clock.GetTimestamp());
        Assert.Equal(200, (await rig.PostAsync(Ping)).Status);
    }

    [Fact]
    public async Task Refusals_of_unknown_callers_are_counted_into_one_record_a_second()
    {
        for (var i = 0; i < 7; i++) await rig.PostAsync(Ping, context => context.Request.Headers.Authorization = default);
        rig.Get<RefusalLog>().Flush();
        var record = Assert.Single(rig.Audit.Records);
        Assert.Equal((AuditKind.Refusals, ReasonCode.Unauthenticated, 7), (record.Kind, record.Code, record.Count));
    }

    [Fact]
    public void A_flood_from_many_addresses_makes_a_bounded_number_of_records()
    {
        var log = rig.Get<RefusalLog>();
        for (var i = 0; i < 5000; i++) log.Record(OrganisationId.Default, new System.Net.IPAddress(i), ReasonCode.Unauthenticated);
        log.Flush();
        Assert.InRange(rig.Audit.Records.Count, 1, 65);
        Assert.Equal(5000, rig.Audit.Records.Sum(record => record.Count));
    }

    [Fact]
    public async Task A_client_that_leaves_while_its_token_is_looked_up_is_no_failure()
    {
        rig.Tokens.WhileLookingUp = () => throw new OperationCanceledException();
        var answer = await rig.PostAsync(Ping, context =>
        {
            context.RequestAborted = new CancellationToken(true);
            context.Request.RouteValues["server"] = "\u001b]0;x\a";
        });
        Assert.Equal("", answer.Body);
        Assert.Empty(rig.Log.Lines);
        Assert.Empty(rig.Audit.Records);
    }

    [Fact]
    public async Task A_failure_is_logged_without_what_the_caller_wrote()
    {
        rig.Tokens.WhileLookingUp = () => throw new InvalidOperationException();
        Assert.Equal(500, (await rig.PostAsync(Ping, context => context.Request.RouteValues["server"] = "\u001b]0;x\a")).Status);
        Assert.Equal(500, (await rig.PostAsync(Ping)).Status);
        Assert.Equal(["A request to ? failed inside the gateway", "A request to deploy failed inside the gateway"], rig.Log.Lines);
    }

    [Fact]
    public async Task A_request_that_a_rotation_overtook_is_ended_by_the_next_sweep()
    {
        await rig.PostAsync(Ping);
        Assert.True(rig.Get<TokenCache>().TryGet(PastedToken.Hash(rig.Token), out var old));
        rig.Tokens.Remove(rig.Token);
        rig.Apply(new TokenRotation(OrganisationId.Default, old!.Record.Id, rig.Now));
        // Let in by the old secret the moment before, listed the moment after.
        var exchange = rig.Get<ExchangePool>().Open(rig.ContextOf("GET", []));
        exchange.Caller = old;
        exchange.IsListening = true;
        rig.Get<OpenExchanges>().Add(exchange);
        rig.Get<OpenExchanges>().SweepDeadlines();
        Assert.Equal(ReasonCode.TokenRevoked, exchange.StopReason?.Code);
        rig.Get<OpenExchanges>().Remove(exchange);
    }

    [Fact]
    public void A_flood_from_one_network_makes_one_record()
    {
        var log = rig.Get<RefusalLog>();
        for (var i = 0; i < 10_000; i++) log.Record(OrganisationId.Default, System.Net.IPAddress.Parse($"2001:db8:0:7:{i:x}::1"), ReasonCode.Unauthenticated);
        log.Record(OrganisationId.Default, System.Net.IPAddress.Parse("::ffff:192.0.2.7"), ReasonCode.Unauthenticated);
        log.Record(OrganisationId.Default, System.Net.IPAddress.Parse("192.0.2.7"), ReasonCode.Unauthenticated);
        log.Flush();
        Assert.Equal([10_000, 2], rig.Audit.Records.Select(record => record.Count!.Value).OrderDescending());
    }

    [Fact]
    public async Task A_token_ends_five_seconds_after_its_time()
    {
        var secret = PastedToken.Create(TokenKind.Agent);
        rig.Tokens.Put(secret, rig.TokenOf("tok_short", rig.Now + 10_000_000));
        Assert.Equal(200, await StatusAsync(secret));
        rig.Clock.Advance(TimeSpan.FromSeconds(14));
        Assert.Equal(200, await StatusAsync(secret));
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        var answer = await rig.PostAsync(Ping, context => context.Request.Headers.Authorization = "Bearer " + secret);
        Assert.Equal((401, "token_expired"), (answer.Status, answer.ErrorCode));
    }

    public static TheoryData<RevocationLevel, string> Revocations => new()
    {
        { RevocationLevel.Token, "tok_1" },
        { RevocationLevel.Agent, "bot" },
        { RevocationLevel.Server, "deploy" },
        { RevocationLevel.Organisation, "default" },
    };

    [Theory]
    [MemberData(nameof(Revocations))]
    public async Task A_revocation_on_any_level_refuses_the_next_request(RevocationLevel level, string target)
    {
        Assert.Equal(200, (await rig.PostAsync(Ping)).Status);
        rig.Revoke(level, target);
        var answer = await rig.PostAsync(Ping);
        Assert.Equal((401, "token_revoked"), (answer.Status, answer.ErrorCode));
    }

    [Fact]
    [Trait("clause", "DESIGN.md §3 Time and state")]
    public async Task A_revoked_grant_gives_nothing_to_what_was_issued_before_and_what_another_grant_gives_stays()
    {
        Assert.Equal(200, await StatusAsync(rig.Token));
        rig.Revoke(RevocationLevel.Grant, "other");
        Assert.Equal(200, await StatusAsync(rig.Token));
        rig.Revoke(RevocationLevel.Grant, "g");
        Assert.Equal(404, await StatusAsync(rig.Token));

        rig.Clock.Advance(TimeSpan.FromMilliseconds(1));
        var later = PastedToken.Create(TokenKind.Agent);
        rig.Tokens.Put(later, rig.TokenOf("tok_later"));
        Assert.Equal(200, await StatusAsync(later));
        Assert.Equal(404, await StatusAsync(rig.Token));

        rig.Apply(GatewayRig.Grant("rollout_status") with { Name = new GrantName("h") });
        Assert.Equal(200, await StatusAsync(rig.Token));
    }

    [Theory]
    [InlineData(Lifecycle.Suspended)]
    [InlineData(Lifecycle.Retired)]
    public async Task Tokens_of_an_agent_that_is_not_active_are_refused(Lifecycle state)
    {
        Assert.Equal(200, (await rig.PostAsync(Ping)).Status);
        rig.Apply(new AgentObject { Name = new AgentName("bot"), Owner = "o@example.com", State = state });
        Assert.Equal(401, (await rig.PostAsync(Ping)).Status);
    }

    [Fact]
    public async Task A_rotated_token_s_old_secret_is_dead_at_once()
    {
        Assert.Equal(200, await StatusAsync(rig.Token));
        var fresh = PastedToken.Create(TokenKind.Agent);
        rig.Tokens.Remove(rig.Token);
        rig.Tokens.Put(fresh, rig.TokenOf("tok_1"));
        rig.Apply(new TokenRotation(OrganisationId.Default, rig.TokenOf("tok_1").Id, rig.Now));
        Assert.Equal((401, 200), (await StatusAsync(rig.Token), await StatusAsync(fresh)));
    }

    [Fact]
    public async Task A_rotation_while_the_old_secret_is_looked_up_wins()
    {
        rig.Tokens.WhileLookingUp = () =>
        {
            rig.Tokens.WhileLookingUp = null;
            rig.Tokens.Remove(rig.Token);
            rig.Apply(new TokenRotation(OrganisationId.Default, rig.TokenOf("tok_1").Id, rig.Now));
        };
        Assert.Equal(401, await StatusAsync(rig.Token));
    }

    [Fact]
    public async Task Without_the_store_an_unseen_token_gets_503_and_a_seen_one_goes_on()
    {
        Assert.Equal(200, await StatusAsync(rig.Token));
        rig.Tokens.IsDown = true;
        var answer = await rig.PostAsync(Ping, context => context.Request.Headers.Authorization = "Bearer " + PastedToken.Create(TokenKind.User));
        Assert.Equal((503, "state_stale"), (answer.Status, answer.ErrorCode));
        Assert.NotEmpty(answer.Headers.RetryAfter.ToString());
        Assert.Equal(200, await StatusAsync(rig.Token));
    }

    [Fact]
    public async Task A_node_that_cannot_confirm_its_state_refuses_every_call()
    {
        Assert.Equal(200, (await rig.PostAsync(Ping)).Status);
        rig.Clock.Advance(TimeSpan.FromSeconds(6));
        var answer = await rig.PostAsync(Ping);
        Assert.Equal((503, "state_stale"), (answer.Status, answer.ErrorCode));
    }

    private async Task<int> StatusAsync(string secret)
    {
        rig.Freshness.Confirm(rig.Clock.GetTimestamp());
        return (await rig.PostAsync(Ping, context => context.Request.Headers.Authorization = "Bearer " + secret)).Status;
    }

    private sealed class UnreadableStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new InvalidOperationException("The body was read.");

        public override int Read(byte[] buffer, int offset, int count) => throw new InvalidOperationException("The body was read.");
    }
}
