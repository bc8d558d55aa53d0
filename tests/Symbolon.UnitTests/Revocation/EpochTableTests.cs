using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Registry;
using Symbolon.Core.Revocation;

namespace Symbolon.UnitTests.Revocation;

[Trait("area", "revocation")]
public sealed class EpochTableTests
{
    private static readonly TokenRecord Token = new()
    {
        Id = new TokenId("tok_1"),
        Organisation = OrganisationId.Default,
        Kind = TokenKind.Workflow,
        Holder = new Holder { User = UserEmail.Parse("alice@example.com"), Agent = new AgentName("bot"), Workflow = new WorkflowName("ci") },
        Servers = [new ServerAccess { Server = new ServerName("shop"), Granted = true }],
        IssuedAt = 1_000,
        ExpiresAt = long.MaxValue,
        IssuedBy = "test",
    };

    public static TheoryData<RevocationLevel, string> Levels => new()
    {
        { RevocationLevel.Token, "tok_1" }, { RevocationLevel.User, "alice@example.com" }, { RevocationLevel.Agent, "bot" },
        { RevocationLevel.Workflow, "ci" }, { RevocationLevel.Organisation, "default" },
    };

    [Theory]
    [MemberData(nameof(Levels))]
    public void What_was_issued_at_or_before_the_epoch_is_dead_and_what_came_later_lives(RevocationLevel level, string target)
    {
        var epochs = new EpochTable();
        epochs.Raise(new Epoch(OrganisationId.Default, level, target, 999));
        Assert.False(epochs.IsRevoked(Token));
        epochs.Raise(new Epoch(OrganisationId.Default, level, target, 1_000));
        Assert.True(epochs.IsRevoked(Token));
        Assert.False(epochs.IsRevoked(Token with { IssuedAt = 1_001 }));
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void Another_target_or_organisation_is_not_touched(RevocationLevel level, string target)
    {
        var epochs = new EpochTable();
        epochs.Raise(new Epoch(OrganisationId.Default, level, target + "x", 5_000));
        epochs.Raise(new Epoch(new OrganisationId("other"), level, target, 5_000));
        Assert.False(epochs.IsRevoked(Token));
    }

    [Fact]
    public void A_server_epoch_kills_the_token_on_that_server_alone()
    {
        var epochs = new EpochTable();
        epochs.Raise(new Epoch(OrganisationId.Default, RevocationLevel.Server, "shop", 5_000));
        Assert.True(epochs.IsRevoked(Token, new ServerName("shop")));
        Assert.False(epochs.IsRevoked(Token, new ServerName("other")));
        Assert.False(epochs.IsRevoked(Token));
    }

    [Fact]
    public void An_epoch_never_goes_back()
    {
        var epochs = new EpochTable();
        epochs.Raise(new Epoch(OrganisationId.Default, RevocationLevel.Agent, "bot", 5_000));
        epochs.Raise(new Epoch(OrganisationId.Default, RevocationLevel.Agent, "bot", 10));
        Assert.True(epochs.IsRevoked(Token));
    }

    [Fact]
    public void A_raise_is_told_and_moves_the_version()
    {
        var epochs = new EpochTable();
        var told = new List<Epoch>();
        epochs.Raised += told.Add;
        var before = epochs.Version;
        var epoch = new Epoch(OrganisationId.Default, RevocationLevel.Agent, "bot", 5_000);
        epochs.Raise(epoch);
        Assert.Equal([epoch], told);
        Assert.True(epochs.Version > before);
    }
}
