using System.Text;
using System.Text.Json.Nodes;
using Symbolon.Client.Verification;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Jose.Signatures;
using Symbolon.Testing.Fakes;
using Symbolon.Testing.OAuth;
using Symbolon.UnitTests.AuthorizationServer;

namespace Symbolon.UnitTests.Client;

/// <summary>What a server takes for who asks.</summary>
[Trait("area", "client")]
public sealed class IdentityHeaderTests : IDisposable
{
    private const string Audience = "https://deploy.example/mcp";

    private readonly FakeClock clock = new();
    private readonly FakeSymbolon symbolon;
    private readonly HttpClient http;
    private readonly IdentityHeader header;

    public IdentityHeaderTests()
    {
        symbolon = new FakeSymbolon(clock);
        http = new HttpClient(symbolon);
        header = new IdentityHeader(new Uri(symbolon.Issuer), Audience, http, clock);
    }

    private long Now => clock.GetUtcNow().ToUnixTimeSeconds();

    public void Dispose()
    {
        header.Dispose();
        http.Dispose();
    }

    [Fact]
    public async Task It_says_person_agent_and_tool()
    {
        var caller = Assert.IsType<IdentityVerdict.Accepted>(await VerifyAsync(Token())).Caller;
        Assert.Equal(("alice@example.com", "alice@example.com", "bot", null, "mcp:deploy:look", "tok_1"), (caller.Subject, caller.Person, caller.Agent, caller.Workflow, caller.Tool, caller.Id));
        Assert.Equal(["agent:bot"], caller.Actors);
        Assert.False(caller.IsGateway);
        Assert.True(Assert.IsType<IdentityVerdict.Accepted>(await VerifyAsync(Token(said => { said["sub"] = "symbolon:gateway"; said.Remove("act"); said.Remove("tool"); }))).Caller.IsGateway);
    }

    [Fact]
    public async Task It_takes_what_the_authorization_server_signs()
    {
        await using var host = await OAuthHost.StartAsync();
        var caller = new TokenRecord
        {
            Id = TokenId.New(), Organisation = OrganisationId.Default, Kind = TokenKind.Agent, Holder = new Holder { User = UserEmail.Parse("bob@example.com"), Workflow = new WorkflowName("ci"), Agent = new AgentName("bot") },
            Servers = [], IssuedAt = 1, ExpiresAt = (host.Now + 3600) * 1_000_000, IssuedBy = "admin",
        };
        var text = host.Get<IIdentityTokens>().Issue(new IdentityOrder(OrganisationId.Default, symbolon.Issuer, new ServerName("deploy"), Audience) { Caller = caller, Tool = new ToolName("look") })!;
        symbolon.Instead = _ => FakeSymbolon.Json(System.Net.HttpStatusCode.OK, Keys(host));
        using var there = new IdentityHeader(new Uri(symbolon.Issuer), Audience, http, host.Clock);
        var accepted = Assert.IsType<IdentityVerdict.Accepted>(await there.VerifyAsync([text], TestContext.Current.CancellationToken));
        Assert.Equal(("bob@example.com", "bot", "ci", "mcp:deploy:look"), (accepted.Caller.Person, accepted.Caller.Agent, accepted.Caller.Workflow, accepted.Caller.Tool));
    }

    public static TheoryData<string, string?, IdentityFault> WrongClaims => new()
    {
        { "iss", "\"https://evil.example\"", IdentityFault.WrongIssuer }, { "iss", null, IdentityFault.WrongClaims },
        { "aud", "\"https://deploy.example/mcp/\"", IdentityFault.WrongAudience }, { "aud", "[\"https://deploy.example/mcp\"]", IdentityFault.WrongAudience }, { "aud", null, IdentityFault.WrongAudience },
        { "exp", "1000", IdentityFault.Expired }, { "exp", null, IdentityFault.WrongClaims }, { "exp", "\"never\"", IdentityFault.WrongClaims }, { "exp", "9999999999", IdentityFault.LivesTooLong },
        { "iat", "9999999999", IdentityFault.NotYetValid }, { "iat", "1", IdentityFault.LivesTooLong }, { "iat", null, IdentityFault.WrongClaims }, { "nbf", "9999999999", IdentityFault.NotYetValid },
        { "sub", null, IdentityFault.WrongClaims }, { "sub", "\"\"", IdentityFault.WrongClaims }, { "jti", null, IdentityFault.WrongClaims }, { "tool", "5", IdentityFault.WrongClaims },
        { "act", "\"agent:bot\"", IdentityFault.WrongClaims }, { "act", "{}", IdentityFault.WrongClaims }, { "act", "{\"sub\":\"alice@example.com\"}", IdentityFault.WrongClaims },
        { "act", "{\"sub\":\"agent:bot\",\"iss\":\"x\"}", IdentityFault.WrongClaims },
    };

    [Theory]
    [MemberData(nameof(WrongClaims))]
    public async Task A_wrong_claim_is_refused_by_name(string claim, string? value, IdentityFault fault) => Assert.Equal(fault, FaultOf(await VerifyAsync(Token(said =>
    {
        said.Remove(claim);
        if (value is not null) said[claim] = JsonNode.Parse(value);
    }))));

    [Theory]
    [InlineData("at+jwt")]
    [InlineData("JWT")]
    [InlineData("SYMBOLON-IDENTITY+JWT")]
    public async Task A_token_of_another_kind_is_refused(string type) => Assert.Equal(IdentityFault.WrongType, FaultOf(await VerifyAsync(Token(type: type))));

    [Fact]
    public async Task Another_signature_is_refused()
    {
        using var other = Es256SigningKey.Generate();
        Assert.Equal(IdentityFault.UnknownKey, FaultOf(await VerifyAsync(Token(by: other))));
        var (own, foreign) = (Token().Split('.'), Token(by: other).Split('.'));
        Assert.Equal(IdentityFault.WrongSignature, FaultOf(await VerifyAsync($"{own[0]}.{own[1]}.{foreign[2]}")));
        Assert.Equal(IdentityFault.WrongSignature, FaultOf(await VerifyAsync($"{own[0]}.{foreign[1].Replace('A', 'B')}.{own[2]}")));
    }

    [Fact]
    public async Task What_is_no_token_is_refused()
    {
        Assert.Equal(IdentityFault.Missing, FaultOf(await header.VerifyAsync([], TestContext.Current.CancellationToken)));
        Assert.Equal(IdentityFault.Missing, FaultOf(await VerifyAsync("")));
        Assert.Equal(IdentityFault.Several, FaultOf(await header.VerifyAsync([Token(), Token()], TestContext.Current.CancellationToken)));
        Assert.Equal(IdentityFault.TooLarge, FaultOf(await VerifyAsync(new string('a', 8193))));
        foreach (var malformed in new[] { "alice@example.com", "a.b.c", $"Bearer {Token()}", $"{Token()},{Token()}", Token() + "=" }) Assert.Equal(IdentityFault.Malformed, FaultOf(await VerifyAsync(malformed)));
        var unsigned = "eyJhbGciOiJub25lIiwidHlwIjoic3ltYm9sb24taWRlbnRpdHkrand0Iiwia2lkIjoiYSJ9." + Token().Split('.')[1] + ".";
        Assert.NotNull(FaultOf(await VerifyAsync(unsigned)) is IdentityFault.WrongAlgorithm or IdentityFault.Malformed ? "refused" : null);
    }

    [Fact]
    public async Task Its_end_has_five_seconds_of_tolerance()
    {
        var token = Token();
        clock.Advance(TimeSpan.FromSeconds(64));
        Assert.IsType<IdentityVerdict.Accepted>(await VerifyAsync(token));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(IdentityFault.Expired, FaultOf(await VerifyAsync(token)));
    }

    [Fact]
    public async Task Without_keys_nobody_is_taken_for_unknown()
    {
        symbolon.Instead = _ => throw new HttpRequestException("down");
        Assert.Equal(IdentityFault.KeysUnavailable, FaultOf(await VerifyAsync(Token())));
    }

    private string Token(Action<JsonObject>? change = null, string type = "symbolon-identity+jwt", Es256SigningKey? by = null)
    {
        var claims = new JsonObject
        {
            ["iss"] = symbolon.Issuer, ["sub"] = "alice@example.com", ["aud"] = Audience, ["jti"] = "tok_1", ["iat"] = Now, ["exp"] = Now + 60, ["tool"] = "mcp:deploy:look",
            ["act"] = new JsonObject { ["sub"] = "agent:bot" },
        };
        change?.Invoke(claims);
        return (by ?? symbolon.Key).Sign(type, Encoding.UTF8.GetBytes(claims.ToJsonString()));
    }

    private ValueTask<IdentityVerdict> VerifyAsync(string value) => header.VerifyAsync([value], TestContext.Current.CancellationToken);

    private static IdentityFault FaultOf(IdentityVerdict verdict) => Assert.IsType<IdentityVerdict.Refused>(verdict).Fault;

    private static string Keys(OAuthHost host) => $$"""{"keys":[{{string.Join(',', host.Configuration.SigningKeys(OrganisationId.Default).Keys.Select(key => key.Jwk))}}]}""";
}
