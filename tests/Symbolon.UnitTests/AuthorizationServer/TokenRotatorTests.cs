using Symbolon.AuthorizationServer.PastedTokens;
using Symbolon.Core;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;

namespace Symbolon.UnitTests.AuthorizationServer;

[Trait("area", "tokens")]
public sealed class TokenRotatorTests
{
    private readonly TokenDesk desk = new();

    [Fact]
    public async Task Rotation_keeps_the_token_and_kills_its_old_secret_at_once()
    {
        var issued = await IssueAsync();
        var told = new List<TokenRotation>();
        desk.Configuration.TokenRotated += told.Add;
        desk.Clock.Advance(TimeSpan.FromMinutes(5));
        var rotated = Assert.IsType<Result<IssuedToken>.Done>(await RotateAsync(issued.Token.Id)).Value;

        Assert.Equal(issued.Token with { RotatedAt = desk.Clock.Microseconds() }, rotated.Token);
        Assert.NotEqual(issued.Secret, rotated.Secret);
        Assert.Null(await desk.Store.FindBySecretAsync(PastedToken.Hash(issued.Secret), TestContext.Current.CancellationToken));
        Assert.NotNull(await desk.Store.FindBySecretAsync(PastedToken.Hash(rotated.Secret), TestContext.Current.CancellationToken));
        Assert.Equal(issued.Token.Id, Assert.Single(told).Token);
    }

    [Theory]
    [InlineData(RevocationLevel.Token, null, "token_revoked")]
    [InlineData(RevocationLevel.User, "alice@example.com", "token_revoked")]
    [InlineData(RevocationLevel.Server, "shop", "token_revoked")]
    [InlineData(RevocationLevel.Organisation, "default", "token_revoked")]
    public async Task A_token_that_an_epoch_killed_cannot_come_back(RevocationLevel level, string? target, string code)
    {
        var issued = await IssueAsync();
        desk.Epochs.Raise(new Epoch(OrganisationId.Default, level, target ?? issued.Token.Id.Value, desk.Clock.Microseconds()));
        Assert.Equal(code, Refused(await RotateAsync(issued.Token.Id)).Code);
        Assert.NotNull(await desk.Store.FindBySecretAsync(PastedToken.Hash(issued.Secret), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_expired_or_unknown_token_cannot_be_rotated()
    {
        var issued = await IssueAsync();
        desk.Clock.Advance(TimeSpan.FromDays(30));
        Assert.Equal("token_expired", Refused(await RotateAsync(issued.Token.Id)).Code);
        Assert.Equal(ChangeErrorKind.NotFound, Refused(await RotateAsync(new TokenId("tok_0000000000000000000000"))).Kind);
    }

    [Fact]
    public async Task A_revocation_that_comes_first_wins()
    {
        var issued = await IssueAsync();
        desk.Store.BeforeCommit = () => desk.Store.CommitAsync(OrganisationId.Default, [new Change.RevokeToken(issued.Token.Id, 1)], [new Core.Audit.AuditEvent()], CancellationToken.None);
        Assert.Equal(ChangeErrorKind.Conflict, Refused(await RotateAsync(issued.Token.Id)).Kind);
    }

    private Task<IssuedToken> IssueAsync()
    {
        desk.Grant("g", """{"users":["*"]}""", "\"tools\":[\"look\"]");
        return desk.IssueAsync(TokenDesk.Order("alice@example.com", null, "look"));
    }

    private Task<Result<IssuedToken>> RotateAsync(TokenId id) =>
        new TokenRotator(desk.Configuration, desk.Store, desk.Desk, desk.Clock).RotateAsync(TokenDesk.Admin, id, null, CancellationToken.None);

    private static ChangeError Refused(Result<IssuedToken> result) => Assert.IsType<Result<IssuedToken>.Refused>(result).Why;
}
