using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Symbolon.AuthorizationServer.Clients;
using Symbolon.AuthorizationServer.Feed;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;
using Symbolon.Jose;
using Symbolon.Jose.Signatures;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>What APIs are told of revocations, without a network: DESIGN.md section 1, Revocation.</summary>
[Trait("area", "oauth")]
public sealed class RevocationFeedTests : IAsyncLifetime
{
    private const string Api = "https://api.example.com";
    private static readonly Requester Owner = new(OrganisationId.Default, "admin");

    private OAuthHost host = null!;

    public async ValueTask InitializeAsync() => host = await OAuthHost.StartAsync();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public void It_begins_with_all_that_can_still_matter_and_names_nobody()
    {
        host.Raise(RevocationLevel.User, "old@example.com");
        host.Clock.Advance(TimeSpan.FromHours(5));
        host.Raise(RevocationLevel.User, "alice@example.com");
        host.Apply(Suspended("bot", host.Clock.GetUtcNow()), Suspended("other", host.Clock.GetUtcNow().AddHours(-5)));
        var (name, data) = Event(host.Get<RevocationFeed>().Listen().State);
        Assert.Equal("state", name);
        var epoch = Assert.Single(data.GetProperty("epochs").EnumerateArray());
        Assert.Equal(("user", Hash("user", "alice@example.com")), (epoch.GetProperty("level").GetString(), epoch.GetProperty("target").GetString()));
        Assert.Equal(Symbolon.Core.UnixTime.Microseconds(host.Clock), epoch.GetProperty("not_before").GetInt64());
        Assert.Contains((("agent", Hash("agent", "bot"))), Inactive(data));
        Assert.DoesNotContain((("agent", Hash("agent", "other"))), Inactive(data));
        Assert.DoesNotContain("example.com", data.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_revocation_is_told_at_once_and_a_suspension_with_the_next_look()
    {
        var events = host.Get<RevocationFeed>().Listen().Events;
        host.Raise(RevocationLevel.Credential, "shop");
        Assert.Equal(["epoch"], Read(events).Select(each => each.Name));
        host.Apply(OAuthHost.ServerOf("shop") with { State = Lifecycle.Suspended });
        host.Get<RevocationFeed>().Look(isSecond: false);
        Assert.Contains(Read(events), each => each.Name == "inactive" && each.Data.GetProperty("target").GetString() == Hash("credential", "shop"));
        host.Apply(OAuthHost.ServerOf("shop"));
        host.Get<RevocationFeed>().Look(isSecond: false);
        Assert.Contains(Read(events), each => each.Name == "active" && each.Data.GetProperty("target").GetString() == Hash("credential", "shop"));
    }

    [Fact]
    public void It_says_each_second_that_it_is_current_and_nothing_while_it_cannot_know()
    {
        var freshness = new Freshness(host.Clock, TimeSpan.FromSeconds(5));
        using var feed = new RevocationFeed(host.Configuration, freshness, host.Clock);
        var events = feed.Listen().Events;
        feed.Look(isSecond: true);
        Assert.Empty(Read(events));
        freshness.Confirm(host.Clock.GetTimestamp());
        feed.Look(isSecond: true);
        feed.Look(isSecond: false);
        Assert.Equal(["current"], Read(events).Select(each => each.Name));
        host.Clock.Advance(TimeSpan.FromSeconds(6));
        feed.Look(isSecond: true);
        Assert.Empty(Read(events));
    }

    [Fact]
    public void What_happens_while_a_state_is_written_is_told_behind_it()
    {
        var listener = host.Get<RevocationFeed>().Listen();
        host.Raise(RevocationLevel.User, "alice@example.com");
        host.Apply(OAuthHost.ServerOf("shop") with { State = Lifecycle.Suspended });
        var other = Event(host.Get<RevocationFeed>().Listen().State).Data;
        Assert.Equal(["epoch", "inactive"], Read(listener.Events).Select(each => each.Name));
        Assert.Contains(("credential", Hash("credential", "shop")), Inactive(other));
        Assert.Single(other.GetProperty("epochs").EnumerateArray());
    }

    [Fact]
    [Trait("hostile", "slow listener")]
    public void A_listener_that_takes_nothing_is_cut_off_and_holds_up_nobody()
    {
        var (slow, quick) = (host.Get<RevocationFeed>().Listen().Events, host.Get<RevocationFeed>().Listen().Events);
        for (var i = 0; i < 2000; i++)
        {
            host.Raise(RevocationLevel.Token, $"tok_{i}");
            Read(quick);
        }
        Read(slow);
        Assert.True(slow.Completion.IsCompleted);
        host.Raise(RevocationLevel.Token, "tok_last");
        Assert.Single(Read(quick));
    }

    [Fact]
    [Trait("hostile", "client authentication")]
    public async Task Nobody_but_an_api_is_told()
    {
        Assert.Equal((401, "invalid_client"), Error(await host.PostAsync("/oauth/revocations", ("client_id", "nobody"))));
        Assert.Equal((400, "unauthorized_client"), Error(await host.PostAsync("/oauth/revocations", ("client_assertion_type", OAuthHost.AssertionType), ("client_assertion", host.Assertion()))));
    }

    [Fact]
    public async Task A_client_that_is_an_api_gets_no_token()
    {
        using var key = Es256SigningKey.Generate();
        Assert.IsType<Result<RegisteredClientResult>.Done>(await RegisterAsync(key, Api));
        Assert.Equal((400, "unauthorized_client"), Error(await host.TokenWithAsync(host.Assertion("api", key))));
    }

    [Theory]
    [InlineData("http://api.example.com", null)]
    [InlineData("https://API.example.com", null)]
    [InlineData("https://api.example.com:443", null)]
    [InlineData("https://api.example.com?x=1", null)]
    [InlineData("https://api.example.com#x", null)]
    [InlineData("https://u@api.example.com", null)]
    [InlineData("api", null)]
    [InlineData(Api, "bot")]
    public async Task What_an_api_cannot_be_is_told_by_field(string audience, string? agent)
    {
        using var key = Es256SigningKey.Generate();
        var refused = Assert.IsType<Result<RegisteredClientResult>.Refused>(await RegisterAsync(key, audience, agent));
        Assert.Equal("audience", Assert.Single(refused.Why.Errors).Path);
    }

    private static AgentObject Suspended(string name, DateTimeOffset at) =>
        OAuthHost.Agent(name) with { State = Lifecycle.Suspended, LastChange = new StateChange { By = "admin", At = Symbolon.Core.UnixTime.ToMicroseconds(at) } };

    private static (int, string?) Error(UnitTests.Admin.Answer answer) => (answer.Status, answer.Json.GetProperty("error").GetString());

    private static string Hash(string level, string target) => Base64Url.Encode(SHA256.HashData(Encoding.UTF8.GetBytes($"{level}\n{target}")));

    private static IEnumerable<(string?, string?)> Inactive(JsonElement state) =>
        state.GetProperty("inactive").EnumerateArray().Select(each => (each.GetProperty("level").GetString(), each.GetProperty("target").GetString()));

    private static List<(string Name, JsonElement Data)> Read(ChannelReader<byte[]> events)
    {
        var read = new List<(string, JsonElement)>();
        while (events.TryRead(out var text)) read.Add(Event(text));
        return read;
    }

    private static (string Name, JsonElement Data) Event(byte[] text)
    {
        var lines = Encoding.UTF8.GetString(text).Split('\n');
        Assert.Equal(4, lines.Length);
        return (lines[0]["event: ".Length..], JsonElement.Parse(lines[1]["data: ".Length..]));
    }

    private Task<Result<RegisteredClientResult>> RegisterAsync(Es256SigningKey key, string audience, string? agent = null) => host.Get<ClientDesk>().RegisterAsync(
        Owner, new NewClient("api", "owner@example.com", agent, null, [key.PublicKey.ToJson()], LegacySecret: false, Reason: null, Audience: audience), CancellationToken.None);
}
