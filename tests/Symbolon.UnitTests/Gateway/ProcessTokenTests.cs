using System.Text;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Gateway.Upstreams.Credentials;
using Symbolon.Testing.Fakes;

namespace Symbolon.UnitTests.Gateway;

/// <summary>What is to lie in the file of a process that has no key.</summary>
[Trait("area", "gateway")]
public sealed class ProcessTokenTests
{
    private static readonly ServerName Name = new("deploy");

    private readonly FakeClock clock = new();
    private readonly FakeServerTokens issuer;
    private readonly ProcessTokens tokens;

    public ProcessTokenTests()
    {
        issuer = new FakeServerTokens(clock);
        tokens = new ProcessTokens(issuer, clock);
    }

    [Fact]
    public async Task It_is_made_once_and_anew_between_a_half_and_three_quarters_of_its_life()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => EnsureAsync()));
        Assert.Equal(1, issuer.Issued);
        Assert.Equal("server-token-number-1", Text());
        clock.Advance(TimeSpan.FromMinutes(29));
        for (var look = 0; look < 20; look++)
        {
            Text();
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
        Assert.Equal(1, issuer.Issued);
        clock.Advance(TimeSpan.FromMinutes(17));
        Assert.Equal("server-token-number-1", Text());
        await SoonAsync("server-token-number-2");
    }

    [Fact]
    public async Task One_that_says_too_little_stays_until_there_is_another()
    {
        await EnsureAsync();
        issuer.State = token => token.Text.EndsWith('1') ? ServerTokenState.Outdated : ServerTokenState.Current;
        Assert.Equal("server-token-number-1", Text());
        await SoonAsync("server-token-number-2");
    }

    [Fact]
    public async Task One_that_is_revoked_is_shown_to_nobody_whether_or_not_there_is_another()
    {
        await EnsureAsync();
        (issuer.State, issuer.Issues) = (token => token.Text.EndsWith('1') ? ServerTokenState.Dead : ServerTokenState.Current, false);
        for (var i = 0; i < 20; i++) Assert.Null(Text());
        issuer.Issues = true;
        while (Text() is null)
        {
            clock.Advance(TimeSpan.FromMilliseconds(250));
            await Task.Yield();
        }
        Assert.Equal("server-token-number-2", Text());
    }

    [Fact]
    public async Task An_answer_with_it_or_with_the_one_before_is_found()
    {
        var shown = tokens.Shown(OrganisationId.Default, Name);
        Assert.False(shown.IsIn("server-token-number-1"u8));
        await EnsureAsync();
        clock.Advance(TimeSpan.FromMinutes(46));
        Text();
        await SoonAsync("server-token-number-2");
        Assert.All(new[] { "1", "2" }, number => Assert.True(shown.IsIn(Encoding.ASCII.GetBytes($"mine is server-token-number-{number}!"))));
        Assert.False(shown.IsIn("server-token-number-3"u8));
    }

    private Task EnsureAsync() => tokens.EnsureAsync(OrganisationId.Default, Name, TestContext.Current.CancellationToken);

    private string? Text() => tokens.Current(OrganisationId.Default, Name, "TOKEN_FILE") is CredentialHeader.Reference reference ? reference.Value : null;

    private async Task SoonAsync(string text)
    {
        while (Text() != text) await Task.Yield();
    }
}
