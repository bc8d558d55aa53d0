using Microsoft.Extensions.Logging.Abstractions;
using Symbolon.AuthorizationServer.Revocation;
using Symbolon.Core.Audit;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Policy;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;
using Symbolon.Testing.Fakes;
using Symbolon.Testing.Processes;

namespace Symbolon.UnitTests.AuthorizationServer;

[Trait("area", "revocation")]
public sealed class RevokerTests : IDisposable
{
    private readonly TokenDesk desk = new();
    private readonly FakeNodes nodes = new();
    private readonly RevocationWriter writer;
    private readonly Revoker revoker;

    public RevokerTests()
    {
        writer = new RevocationWriter(desk.Store, desk.Clock, NullLogger<RevocationWriter>.Instance);
        revoker = new Revoker(desk.Configuration, new RevocationTargets(desk.Configuration, desk.Store, new FakeAuthorizationStore(new FakeProofUses()), new OAuthIssues(new RecordingAudit(), desk.Clock)), writer,
            new EndedTokens(desk.Configuration, desk.Store),
            new NodeConfirmation(nodes, desk.Clock, new ThisNode("me")), desk.Desk, desk.Events, desk.Clock);
    }

    public void Dispose() => writer.Dispose();

    [Theory]
    [MemberData(nameof(RevocationLevels.OfPastedTokens), MemberType = typeof(RevocationLevels))]
    public async Task It_kills_what_was_issued_with_its_record_and_leaves_what_comes_later(RevocationLevel level)
    {
        desk.Grant("g", """{"users":["*"],"agents":["bot"],"workflows":["ci"]}""", "\"tools\":[\"look\"]");
        var order = TokenDesk.Order("alice@example.com", "bot", "look", workflow: "ci");
        var issued = await desk.IssueAsync(order);
        var target = level switch
        {
            RevocationLevel.User => "alice@example.com",
            RevocationLevel.Agent => "bot",
            RevocationLevel.Workflow => "ci",
            RevocationLevel.Server => "shop",
            RevocationLevel.Organisation => "default",
            _ => issued.Token.Id.Value,
        };
        var revoked = Assert.IsType<Result<Revoked>.Done>(await RevokeAsync(level, target)).Value;

        Assert.Empty(revoked.UnconfirmedNodes);
        Assert.True(desk.Epochs.IsRevoked(issued.Token, new ServerName("shop")));
        var record = desk.Store.Committed[^1];
        Assert.Equal((AuditKind.Revocation, true, "revoke", $"{level}/{target}", "left"), (record.Kind, record.Allowed, record.Action, record.Target, record.Reason));
        desk.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(desk.Epochs.IsRevoked((await desk.IssueAsync(order)).Token, new ServerName("shop")));
    }

    [Theory]
    [InlineData(RevocationLevel.User, "Alice@example.com")]
    [InlineData(RevocationLevel.User, "nonsense")]
    [InlineData(RevocationLevel.Agent, "nobody")]
    [InlineData(RevocationLevel.Workflow, "never")]
    [InlineData(RevocationLevel.Server, "none")]
    [InlineData(RevocationLevel.Organisation, "other")]
    [InlineData(RevocationLevel.Token, "tok_0000000000000000000000")]
    public async Task A_mistyped_target_is_told_and_recorded(RevocationLevel level, string target)
    {
        Assert.IsType<Result<Revoked>.Refused>(await RevokeAsync(level, target));
        Assert.Equal(0, desk.Epochs.Version);
        Assert.Equal((AuditKind.Revocation, false), Assert.Single(desk.Audit.Appended) switch { var record => (record.Kind, record.Allowed) });
    }

    [Theory]
    [InlineData(RevocationLevel.Token, "tok_0000000000000000000000", "Token/tok_0000000000000000000000", null)]
    [InlineData(RevocationLevel.Agent, "nobody", "Agent/nobody", null)]
    [InlineData(RevocationLevel.Server, "none", "Server/none", ReasonCode.UnknownServer)]
    [InlineData(RevocationLevel.User, "nonsense", "User", ReasonCode.MalformedRequest)]
    [InlineData(RevocationLevel.Token, "sym_usr_0123456789", "Token", null)]
    [InlineData(RevocationLevel.Agent, "ghp_0123456789abcdefghijklmnopqrstuvwxyz", "Agent", null)]
    public async Task A_refused_revocation_is_recorded_with_what_was_asked_for_and_never_with_a_secret(RevocationLevel level, string target, string recorded, ReasonCode? code)
    {
        await RevokeAsync(level, target);
        var record = Assert.Single(desk.Audit.Appended);
        Assert.Equal((recorded, code), (record.Target, record.Code));
        Assert.Equal((level == RevocationLevel.Token && recorded != "Token" ? target : null, level == RevocationLevel.Server ? target : null), (record.Token, record.Server));
    }

    [Theory]
    [InlineData(RevocationLevel.User, "alice@example.com", 2)]
    [InlineData(RevocationLevel.Agent, "bot", 1)]
    [InlineData(RevocationLevel.Workflow, "ci", 1)]
    [InlineData(RevocationLevel.Server, "shop", 3)]
    [InlineData(RevocationLevel.Server, "draft", 0)]
    [InlineData(RevocationLevel.Organisation, "default", 3)]
    [InlineData(RevocationLevel.User, "alcie@example.com", 0)]
    public async Task The_answer_says_how_many_live_tokens_it_ended(RevocationLevel level, string target, int expected)
    {
        desk.Grant("people", """{"users":["*"]}""", "\"tools\":[\"look\"]");
        desk.Grant("g", """{"users":["*"],"agents":["bot"],"workflows":["ci"]}""", "\"tools\":[\"look\"]");
        await desk.IssueAsync(TokenDesk.Order("alice@example.com", null, "look"));
        await desk.IssueAsync(TokenDesk.Order("alice@example.com", "bot", "look", workflow: "ci"));
        await desk.IssueAsync(TokenDesk.Order("bob@example.com", null, "look"));
        var gone = await desk.IssueAsync(TokenDesk.Order("alice@example.com", null, "look"));
        await desk.IssueAsync(TokenDesk.Order("alice@example.com", null, "look", ttl: 300));
        await RevokeAsync(RevocationLevel.Token, gone.Token.Id.Value);
        desk.Clock.Advance(TimeSpan.FromSeconds(301));

        Assert.Equal(expected, Assert.IsType<Result<Revoked>.Done>(await RevokeAsync(level, target)).Value.LiveTokens);
    }

    [Fact]
    public async Task A_token_that_was_ended_before_is_counted_once()
    {
        desk.Grant("g", """{"users":["*"],"agents":["bot"]}""", "\"tools\":[\"look\"]");
        var issued = await desk.IssueAsync(TokenDesk.Order("alice@example.com", "bot", "look"));
        List<int?> counts = [];
        foreach (var (level, target) in new[]
        {
            (RevocationLevel.User, "alice@example.com"), (RevocationLevel.User, "alice@example.com"), (RevocationLevel.Agent, "bot"),
            (RevocationLevel.Server, "shop"), (RevocationLevel.Organisation, "default"), (RevocationLevel.Token, issued.Token.Id.Value),
        })
            counts.Add(Assert.IsType<Result<Revoked>.Done>(await RevokeAsync(level, target)).Value.LiveTokens);
        Assert.Equal([1, 0, 0, 0, 0, 0], counts);

        var other = await desk.IssueAsync(TokenDesk.Order("alice@example.com", "bot", "look"));
        Assert.Equal(1, Assert.IsType<Result<Revoked>.Done>(await RevokeAsync(RevocationLevel.Token, other.Token.Id.Value)).Value.LiveTokens);
        Assert.Equal(0, Assert.IsType<Result<Revoked>.Done>(await RevokeAsync(RevocationLevel.Token, other.Token.Id.Value)).Value.LiveTokens);
    }

    [Theory]
    [InlineData(RevocationLevel.User, "alice@example.com")]
    [InlineData(RevocationLevel.Token, null)]
    public async Task A_clock_that_is_set_back_leaves_nothing_alive_and_kills_nothing_that_comes_later(RevocationLevel level, string? target)
    {
        desk.Grant("g", """{"users":["*"]}""", "\"tools\":[\"look\"]");
        var order = TokenDesk.Order("alice@example.com", null, "look");
        var issued = await desk.IssueAsync(order);
        desk.Clock.SetBack(TimeSpan.FromHours(1));
        Assert.IsType<Result<Revoked>.Done>(await RevokeAsync(level, target ?? issued.Token.Id.Value));
        Assert.True(desk.Epochs.IsRevoked(issued.Token));
        Assert.False(desk.Epochs.IsRevoked((await desk.IssueAsync(order)).Token));
    }

    [Fact]
    public async Task A_second_revocation_of_a_token_succeeds_too()
    {
        desk.Grant("g", """{"users":["*"]}""", "\"tools\":[\"look\"]");
        var issued = await desk.IssueAsync(TokenDesk.Order("alice@example.com", null, "look"));
        Assert.IsType<Result<Revoked>.Done>(await RevokeAsync(RevocationLevel.Token, issued.Token.Id.Value));
        Assert.IsType<Result<Revoked>.Done>(await RevokeAsync(RevocationLevel.Token, issued.Token.Id.Value));
    }

    [Fact]
    public async Task With_a_broken_store_it_acts_at_once_answers_not_durable_and_is_stored_when_the_store_is_back()
    {
        desk.Grant("g", """{"users":["*"]}""", "\"tools\":[\"look\"]");
        var issued = await desk.IssueAsync(TokenDesk.Order("alice@example.com", null, "look"));
        await writer.StartAsync(TestContext.Current.CancellationToken);
        desk.Store.IsBroken = true;
        var revokedAt = Core.UnixTime.Microseconds(desk.Clock);

        foreach (var (level, target) in new[] { (RevocationLevel.Token, issued.Token.Id.Value), (RevocationLevel.User, "alice@example.com") })
        {
            var refusal = Assert.IsType<Result<Revoked>.Refused>(await RevokeAsync(level, target)).Why;
            Assert.Equal((ChangeErrorKind.NotDurable, "not_durable"), (refusal.Kind, refusal.Code));
        }
        Assert.True(desk.Epochs.IsRevoked(issued.Token));
        Assert.Single(desk.Store.Committed);

        await Deadline.ForAsync("the writer to wait", () => desk.Clock.Sleepers > 0);
        desk.Clock.Advance(TimeSpan.FromSeconds(10));
        desk.Store.IsBroken = false;
        await Deadline.ForAsync("both to be stored", () => { desk.Clock.Advance(TimeSpan.FromMilliseconds(500)); return desk.Store.Committed.Count == 3; });

        Assert.Equal([$"Token/{issued.Token.Id}", "User/alice@example.com"], desk.Store.Committed.Skip(1).Select(record => record.Target));
        Assert.All(desk.Store.Committed.Skip(1), record => Assert.InRange(record.Time, revokedAt, revokedAt + 100));
        Assert.NotNull((await desk.Store.FindAsync(OrganisationId.Default, issued.Token.Id, TestContext.Current.CancellationToken))!.RevokedAt);
        await writer.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task What_still_waits_when_the_process_stops_is_tried_once_more()
    {
        await writer.StartAsync(TestContext.Current.CancellationToken);
        desk.Store.IsBroken = true;
        await RevokeAsync(RevocationLevel.Agent, "bot");
        await RevokeAsync(RevocationLevel.Workflow, "ci");
        await Deadline.ForAsync("the writer to wait", () => desk.Clock.Sleepers > 0);
        desk.Store.IsBroken = false;
        await writer.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["Agent/bot", "Workflow/ci"], desk.Store.Committed.Select(record => record.Target));
    }

    [Fact]
    public async Task The_answer_names_live_nodes_that_did_not_confirm_within_a_second()
    {
        nodes.Live.Add(new NodeStatus("me", 1, 0, 0));
        nodes.Live.Add(new NodeStatus("fast", 1, long.MaxValue, 0));
        nodes.Live.Add(new NodeStatus("slow", 1, 0, 0));
        var revoking = RevokeAsync(RevocationLevel.Agent, "bot");
        await Deadline.ForAsync("the wait", () => desk.Clock.Sleepers > 0);
        Assert.False(revoking.IsCompleted);
        await Deadline.ForAsync("the answer", () => { desk.Clock.Advance(TimeSpan.FromMilliseconds(50)); return revoking.IsCompleted; });

        var revoked = Assert.IsType<Result<Revoked>.Done>(await revoking).Value;
        Assert.Equal(["slow"], revoked.UnconfirmedNodes);
        Assert.Equal((3, TimeSpan.FromSeconds(1)), (revoked.Nodes, revoked.Took));
        Assert.True(nodes.Asked >= 20);
    }

    [Fact]
    public async Task The_answer_comes_as_soon_as_all_nodes_have_confirmed()
    {
        nodes.Live.Add(new NodeStatus("slow", 1, 0, 0));
        var revoking = RevokeAsync(RevocationLevel.Agent, "bot");
        await Deadline.ForAsync("the wait", () => desk.Clock.Sleepers > 0);
        nodes.Live[0] = new NodeStatus("slow", 1, long.MaxValue, 0);
        desk.Clock.Advance(TimeSpan.FromMilliseconds(50));
        var revoked = Assert.IsType<Result<Revoked>.Done>(await revoking).Value;
        Assert.Empty(revoked.UnconfirmedNodes);
        Assert.Equal((2, TimeSpan.FromMilliseconds(50)), (revoked.Nodes, revoked.Took));
    }

    private Task<Result<Revoked>> RevokeAsync(RevocationLevel level, string target) =>
        revoker.RevokeAsync(TokenDesk.Admin, new RevocationOrder(level, target, "left"), CancellationToken.None);
}
