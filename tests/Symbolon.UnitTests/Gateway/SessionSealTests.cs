using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Registry;
using Symbolon.Gateway.Mcp;
using Symbolon.Gateway.Sealing;
using Symbolon.Testing.Fakes;

namespace Symbolon.UnitTests.Gateway;

[Trait("area", "gateway")]
public sealed class SessionSealTests
{
    private static readonly ServerName Deploy = new("deploy");
    private static readonly TokenRecord Token = new()
    {
        Id = new TokenId("tok_1"),
        Organisation = OrganisationId.Default,
        Kind = TokenKind.Agent,
        Holder = new Holder { User = UserEmail.Parse("alice@example.com"), Agent = new AgentName("bot"), Workflow = new WorkflowName("ci") },
        Servers = [],
        IssuedAt = 1,
        ExpiresAt = 2,
        IssuedBy = "admin",
    };

    private readonly FakeClock clock = new();
    private readonly SessionSeal seal;

    public SessionSealTests() => seal = New();

    private SessionSeal New() => new(new StateSeal(new FakeSecretBox(), clock));

    [Fact]
    public void A_sealed_session_opens_for_the_same_token_on_any_node()
    {
        var session = new UpstreamSession("abc-123~!", ProtocolRevision.V20250618, ClientFeatures.Elicitation | ClientFeatures.Roots);
        var id = seal.Seal(session, Token, Deploy)!;
        var opened = New().Open(id, Token, Deploy)!;
        Assert.Equal(session, opened with { EndsAt = session.EndsAt });
        Assert.All(id, c => Assert.InRange(c, '!', '~'));
        Assert.DoesNotContain("abc-123", id, StringComparison.Ordinal);
        Assert.NotEqual(id, seal.Seal(session, Token, Deploy));
    }

    [Fact]
    public void A_session_id_is_unknown_after_thirty_days()
    {
        var id = seal.Seal(new UpstreamSession("s", ProtocolRevision.V20251125), Token, Deploy)!;
        clock.Advance(TimeSpan.FromDays(30) - TimeSpan.FromMinutes(1));
        Assert.NotNull(seal.Open(id, Token, Deploy));
        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Null(seal.Open(id, Token, Deploy));
    }

    [Fact]
    public void Rotation_and_renewal_of_the_token_keep_its_sessions()
    {
        var id = seal.Seal(new UpstreamSession("s", ProtocolRevision.V20251125), Token, Deploy)!;
        Assert.NotNull(seal.Open(id, Token with { RotatedAt = 9, ExpiresAt = 99 }, Deploy));
    }

    public static TheoryData<string, TokenRecord, string> Foreign => new()
    {
        { "another token", Token with { Id = new TokenId("tok_2") }, "deploy" },
        { "another server", Token, "payments" },
        { "another organisation", Token with { Organisation = new OrganisationId("other") }, "deploy" },
        { "another person", Token with { Holder = Token.Holder with { User = UserEmail.Parse("bob@example.com") } }, "deploy" },
        { "another agent", Token with { Holder = Token.Holder with { Agent = new AgentName("bot2") } }, "deploy" },
        { "no workflow", Token with { Holder = Token.Holder with { Workflow = null } }, "deploy" },
        { "names moved", Token with { Holder = new Holder { Agent = new AgentName("ci"), Workflow = new WorkflowName("bot"), User = Token.Holder.User } }, "deploy" },
    };

    [Theory]
    [MemberData(nameof(Foreign))]
    public void A_session_id_means_nothing_to_anybody_else(string who, TokenRecord token, string server)
    {
        var id = seal.Seal(new UpstreamSession("s", ProtocolRevision.V20251125), Token, Deploy)!;
        Assert.True(seal.Open(id, token, new ServerName(server)) is null, who);
    }

    [Fact]
    public void A_forged_session_id_does_not_open_whichever_bit_was_changed()
    {
        var id = seal.Seal(new UpstreamSession("s", ProtocolRevision.V20251125), Token, Deploy)!;
        for (var i = 0; i < id.Length; i++)
            Assert.Null(seal.Open(id[..i] + (id[i] == 'A' ? 'B' : 'A') + id[(i + 1)..], Token, Deploy));
        for (var length = 0; length < id.Length; length++) Assert.Null(seal.Open(id[..length], Token, Deploy));
        Assert.Null(seal.Open(id + "A", Token, Deploy));
        Assert.Null(seal.Open(id + "=", Token, Deploy));
        Assert.Null(seal.Open(new string('A', 100_000), Token, Deploy));
    }

    [Theory]
    [InlineData("")]
    [InlineData("with space")]
    [InlineData("line\nbreak")]
    [InlineData("ä")]
    public void An_upstream_id_that_is_no_visible_ASCII_is_not_sealed(string id) =>
        Assert.Null(seal.Seal(new UpstreamSession(id, ProtocolRevision.V20251125), Token, Deploy));
}
