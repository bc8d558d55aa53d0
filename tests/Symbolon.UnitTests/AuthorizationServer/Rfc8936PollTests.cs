using System.Globalization;
using Symbolon.AuthorizationServer.SecurityEvents;
using Symbolon.Core.Registry;
using Symbolon.Core.Revocation;
using Symbolon.Testing.OAuth;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>How an API fetches its events, and who may.</summary>
[Trait("area", "events")]
public sealed class Rfc8936PollTests
{
    [Fact]
    [Trait("clause", "RFC 8936 §2.4")]
    public async Task Events_come_oldest_first_until_they_are_acknowledged()
    {
        await using var rig = await EventsRig.StartAsync();
        var told = new[] { rig.Add(), rig.Add(RevocationLevel.Agent, "bot"), rig.Add(RevocationLevel.Token, "tok_1") };
        rig.Add(client: "somebody-else");
        var token = await rig.TokenAsync();

        var first = await rig.PollAsync(token, """{"maxEvents":2,"returnImmediately":true}""");
        Assert.Equal((200, "application/json", "no-store"), (first.Status, first.Headers["Content-Type"], first.Headers["Cache-Control"]));
        Assert.Equal([told[0].Id, told[1].Id], EventsRig.IdsOf(first));
        Assert.True(first.Json.GetProperty("moreAvailable").GetBoolean());
        var set = OAuthHost.PayloadOf(first.Json.GetProperty("sets").GetProperty(told[0].Id).GetString()!);
        Assert.Equal((told[0].Id, EventsRig.Audience), (set.GetProperty("jti").GetString(), set.GetProperty("aud").GetString()));

        var second = await rig.PollAsync(token, $$$$"""{"returnImmediately":true,"ack":["{{{{told[0].Id}}}}","set_of_nobody"],"setErrs":{"{{{{told[1].Id}}}}":{"err":"invalid_key","description":"no key"}}}""");
        Assert.Equal([told[2].Id], EventsRig.IdsOf(second));
        Assert.False(second.Json.GetProperty("moreAvailable").GetBoolean());
        Assert.Equal((told[1], "refused by the receiver: invalid_key"), (rig.Host.Events.Failures.Single().Event, rig.Host.Events.Failures.Single().Why));

        var acknowledged = await rig.PollAsync(token, $$"""{"maxEvents":0,"ack":["{{told[2].Id}}"]}""");
        Assert.Equal("""{"sets":{},"moreAvailable":false}""", acknowledged.Text);
        Assert.Equal("somebody-else", Assert.Single(rig.Host.Events.Waiting).Client);
    }

    [Fact]
    [Trait("clause", "RFC 8936 §2.2")]
    public async Task A_poll_that_waits_is_answered_when_something_is_revoked_and_with_nothing_when_its_token_is()
    {
        await using var rig = await EventsRig.StartAsync();
        var token = await rig.TokenAsync();
        var waiting = rig.PollAsync(token, "{}");
        Assert.False(waiting.IsCompleted);
        var told = rig.Add();
        rig.Host.Raise(RevocationLevel.User, "alice@example.com");
        Assert.Equal([told.Id], EventsRig.IdsOf(await waiting));

        rig.Host.Events.Waiting.Clear();
        waiting = rig.PollAsync(token, "{}");
        Assert.False(waiting.IsCompleted);
        rig.Host.Raise(RevocationLevel.Client, EventsRig.Api);
        Assert.Equal(401, (await waiting).Status);
    }

    [Fact]
    [Trait("hostile", "one API takes all places")]
    public async Task Of_one_client_eight_polls_wait_and_no_more()
    {
        await using var rig = await EventsRig.StartAsync();
        var token = await rig.TokenAsync();
        var waiting = Enumerable.Range(0, WaitingPolls.MostOfOne).Select(_ => rig.PollAsync(token, "{}")).ToList();
        var refused = await rig.PollAsync(token, "{}");
        Assert.Equal((429, "1"), (refused.Status, refused.Headers["Retry-After"]));
        Assert.Equal(200, (await rig.PollAsync(token)).Status);
        rig.Add();
        rig.Host.Raise(RevocationLevel.User, "alice@example.com");
        Assert.All(await Task.WhenAll(waiting), answer => Assert.Equal(200, answer.Status));
    }

    [Theory]
    [InlineData("""{"ack":[],"ack":[]}""")]
    [InlineData("""{"setErrs":{"a":{"err":"x"},"a":{"err":"y"}}}""")]
    [InlineData("""{"maxEvents":101}""")]
    [InlineData("""{"maxEvents":-1}""")]
    [InlineData("""{"maxEvents":1.5}""")]
    [InlineData("""{"maxEvents":"1"}""")]
    [InlineData("""{"returnImmediately":"yes"}""")]
    [InlineData("""{"returnImmediately":null}""")]
    [InlineData("""{"ack":"set_1"}""")]
    [InlineData("""{"ack":[1]}""")]
    [InlineData("""{"ack":[""]}""")]
    [InlineData("""{"ack":["\u0000"]}""")]
    [InlineData("""{"ack":["a"],"setErrs":{"a":{"err":"x"}}}""")]
    [InlineData("""{"setErrs":["a"]}""")]
    [InlineData("""{"setErrs":{"a":"invalid_key"}}""")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("{} {}")]
    [Trait("hostile", "bad input")]
    public async Task What_is_no_poll_is_refused_with_the_field_and_changes_nothing(string body)
    {
        await using var rig = await EventsRig.StartAsync();
        rig.Add();
        var answer = await rig.PollAsync(await rig.TokenAsync(), body);
        Assert.Equal((400, "invalid_request"), (answer.Status, answer.Json.GetProperty("err").GetString()));
        Assert.Empty(rig.Host.Events.Gone);
    }

    [Fact]
    [Trait("hostile", "bad input")]
    public async Task More_than_a_thousand_acknowledgements_or_64_KiB_are_refused()
    {
        await using var rig = await EventsRig.StartAsync();
        var token = await rig.TokenAsync();
        Assert.Equal(200, (await rig.PollAsync(token, Acks(1000))).Status);
        Assert.Equal(400, (await rig.PollAsync(token, Acks(1001))).Status);
        Assert.Equal(400, (await rig.PollAsync(token, $$"""{"returnImmediately":true,"x":"{{new string('x', PollRequest.MostBytes)}}"}""")).Status);
        Assert.Equal(400, (await rig.Host.SendAsync("POST", "/oauth/events", "maxEvents=1", headers: ("Authorization", $"Bearer {token}"))).Status);

        static string Acks(int count) => $$"""{"returnImmediately":true,"ack":[{{string.Join(',', Enumerable.Range(0, count).Select(i => $"\"set_{i.ToString(CultureInfo.InvariantCulture)}\""))}}]}""";
    }

    [Fact]
    [Trait("clause", "RFC 8707 §2")]
    public async Task A_token_for_events_is_given_for_them_alone_and_to_no_client_that_does_not_fetch_them()
    {
        await using var rig = await EventsRig.StartAsync();
        var given = await rig.AskAsync(("resource", EventsRig.Resource), ("scope", "ssf.read"));
        Assert.Equal((200, "ssf.read", 3600), (given.Status, given.Json.GetProperty("scope").GetString(), given.Json.GetProperty("expires_in").GetInt32()));
        var claims = OAuthHost.PayloadOf(given.Json.GetProperty("access_token").GetString()!);
        Assert.Equal((EventsRig.Resource, EventsRig.Api, EventsRig.Api), (claims.GetProperty("aud").GetString(), claims.GetProperty("sub").GetString(), claims.GetProperty("client_id").GetString()));

        Assert.Equal("invalid_target", ErrorOf(await rig.AskAsync(("resource", OAuthHost.Shop))));
        Assert.Equal("invalid_target", ErrorOf(await rig.AskAsync(("resource", EventsRig.Resource + "/"))));
        Assert.Equal("invalid_target", ErrorOf(await rig.AskAsync(("resource", EventsRig.Resource), ("audience", OAuthHost.Shop))));
        Assert.Equal("invalid_scope", ErrorOf(await rig.AskAsync(("resource", EventsRig.Resource), ("scope", "ssf.manage"))));
        Assert.Equal("invalid_target", ErrorOf(await rig.Host.TokenAsync(("resource", EventsRig.Resource))));
        foreach (var events in new[] { null, new ClientEvents("https://billing.example.com/events") })
        {
            rig.Host.Apply(rig.Client(events));
            Assert.Equal("invalid_target", ErrorOf(await rig.AskAsync(("resource", EventsRig.Resource))));
            Assert.Equal("unauthorized_client", ErrorOf(await rig.AskAsync(("resource", OAuthHost.Shop))));
        }

        static string? ErrorOf(Symbolon.UnitTests.Admin.Answer answer) => answer.Json.GetProperty("error").GetString();
    }

    [Theory]
    [InlineData("the token")]
    [InlineData("the client")]
    [InlineData("the key of the client")]
    [InlineData("the organisation")]
    [InlineData("given back")]
    [InlineData("suspended")]
    [InlineData("pushed instead")]
    [InlineData("ended")]
    [Trait("clause", "RFC 6750 §3.1")]
    public async Task A_token_is_dead_at_once_with_what_it_hangs_on(string end)
    {
        await using var rig = await EventsRig.StartAsync();
        var token = await rig.TokenAsync();
        Assert.Equal(200, (await rig.PollAsync(token)).Status);
        switch (end)
        {
            case "the token": rig.Host.Raise(RevocationLevel.Token, OAuthHost.PayloadOf(token).GetProperty("jti").GetString()!); break;
            case "the client": rig.Host.Raise(RevocationLevel.Client, EventsRig.Api); break;
            case "the key of the client": rig.Host.Raise(RevocationLevel.Key, rig.Key.PublicKey.Thumbprint.ToString()); break;
            case "the organisation": rig.Host.Raise(RevocationLevel.Organisation, "default"); break;
            case "given back": Assert.Equal(200, (await rig.Host.PostAsync("/oauth/revoke", ("client_assertion_type", OAuthHost.AssertionType), ("client_assertion", rig.Host.Assertion(EventsRig.Api, rig.Key)), ("token", token))).Status); break;
            case "suspended": rig.Host.Apply(rig.Client(new ClientEvents(null)) with { State = Lifecycle.Suspended }); break;
            case "pushed instead": rig.Host.Apply(rig.Client(new ClientEvents("https://billing.example.com/events"))); break;
            case "ended": rig.Host.Clock.Advance(TimeSpan.FromSeconds(3606)); break;
        }
        var answer = await rig.PollAsync(token);
        Assert.Equal((401, "Bearer error=\"invalid_token\", scope=\"ssf.read\"", ""), (answer.Status, answer.Headers["WWW-Authenticate"], answer.Text));
    }

    [Fact]
    [Trait("hostile", "confusion")]
    public async Task No_token_another_token_and_a_token_elsewhere_are_refused()
    {
        await using var rig = await EventsRig.StartAsync();
        var none = await rig.PollAsync(null);
        Assert.Equal((401, "Bearer scope=\"ssf.read\""), (none.Status, none.Headers["WWW-Authenticate"]));
        Assert.Equal(401, (await rig.PollAsync(await rig.Host.AccessTokenAsync(("scope", "mcp:shop:look")))).Status);
        Assert.Equal(401, (await rig.PollAsync("sym_adm_x")).Status);
        var token = await rig.TokenAsync();
        Assert.IsType<Symbolon.Core.AccessTokens.AccessTokenReading.Refused>(rig.Host.Read(token));
        Assert.Null(rig.Host.Get<Symbolon.Core.AccessTokens.DownstreamTokenReader>().Read(token, Symbolon.Core.UnixTime.Microseconds(rig.Host.Clock)));
        var introspected = await rig.Host.PostAsync("/oauth/introspect", ("client_assertion_type", OAuthHost.AssertionType), ("client_assertion", rig.Host.Assertion()), ("token", token));
        Assert.False(introspected.Json.GetProperty("active").GetBoolean());
    }

    [Fact]
    [Trait("clause", "RFC 9449 §7.1")]
    public async Task A_bound_token_is_good_with_a_fresh_proof_of_its_key_alone()
    {
        await using var rig = await EventsRig.StartAsync();
        using var holder = new ProofKey();
        using var thief = new ProofKey();
        var token = await rig.BoundTokenAsync(holder);
        Assert.StartsWith("DPoP error=\"invalid_token\"", (await rig.PollAsync(token)).Headers["WWW-Authenticate"], StringComparison.Ordinal);
        var proof = holder.Proof("POST", EventsRig.Resource, rig.Host.Now, token);
        Assert.Equal(200, (await Send(proof)).Status);
        Assert.Equal(401, (await Send(proof)).Status);
        Assert.Equal(401, (await Send(thief.Proof("POST", EventsRig.Resource, rig.Host.Now, token))).Status);
        rig.Host.Raise(RevocationLevel.Key, holder.Thumbprint.ToString());
        Assert.Equal(401, (await Send(holder.Proof("POST", EventsRig.Resource, rig.Host.Now, token))).Status);

        Task<Symbolon.UnitTests.Admin.Answer> Send(string shown) => rig.PollAsync(null, """{"returnImmediately":true}""", ("Authorization", $"DPoP {token}"), ("DPoP", shown));
    }

    [Fact]
    [Trait("clause", "SSF 1.0 §7.1")]
    public async Task The_metadata_says_how_events_are_told_and_names_no_way_to_manage_streams()
    {
        await using var rig = await EventsRig.StartAsync();
        var answer = await rig.Host.GetAsync("/.well-known/ssf-configuration");
        Assert.Equal("""{"spec_version":"1_0","issuer":"https://symbolon.example.com","jwks_uri":"https://symbolon.example.com/oauth/jwks","delivery_methods_supported":["urn:ietf:rfc:8935","urn:ietf:rfc:8936"],"authorization_schemes":[{"spec_urn":"urn:ietf:rfc:6749"}],"default_subjects":"ALL"}""", answer.Text);
        Assert.Equal(404, (await rig.Host.GetAsync("/.well-known/ssf-configuration", host: "elsewhere.example.com")).Status);
    }
}
