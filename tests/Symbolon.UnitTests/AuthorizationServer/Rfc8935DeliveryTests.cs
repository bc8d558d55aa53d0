using Symbolon.AuthorizationServer.Clients;
using Symbolon.AuthorizationServer.SecurityEvents;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Outbound;
using Symbolon.Core.Registry;
using Symbolon.Jose.Signatures;
using Symbolon.Testing.Processes;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>How events are posted, and where to.</summary>
[Trait("area", "events")]
public sealed class Rfc8935DeliveryTests
{
    private const string Url = "https://billing.example.com/events?tenant=1";

    [Fact]
    [Trait("clause", "RFC 8935 §2")]
    public async Task An_event_is_posted_and_goes_and_one_that_the_receiver_cannot_use_goes_with_its_error()
    {
        await using var rig = await EventsRig.StartAsync();
        var told = new[] { rig.Add(), rig.Add(target: "bob@example.com"), rig.Add(target: "carol@example.com") };
        rig.Host.Posts.Answers.Enqueue(new EventPostAnswer.Taken());
        rig.Host.Posts.Answers.Enqueue(new EventPostAnswer.Refused("invalid_key"));
        rig.Host.Events.ArePushed = true;
        rig.Host.Apply(rig.Client(new ClientEvents(Url)));
        await Deadline.ForAsync("three events to go", () => Task.FromResult(rig.Host.Events.Gone.Count == 3 ? "all" : null));
        Assert.Equal(told.Select(each => each.Id), rig.Host.Events.Gone);
        Assert.Equal(told.Select(each => each.Id), rig.Host.Posts.Posted.Select(each => OAuthHost.PayloadOf(each.Token).GetProperty("jti").GetString()!));
        Assert.All(rig.Host.Posts.Posted, each => Assert.Equal(Url, each.Url.AbsoluteUri));
        Assert.Equal((told[1], "refused by the receiver: invalid_key"), (rig.Host.Events.Failures.Single().Event, rig.Host.Events.Failures.Single().Why));
    }

    [Fact]
    [Trait("clause", "RFC 8935 §4.1")]
    public async Task One_that_was_not_taken_comes_again_under_its_id()
    {
        await using var rig = await EventsRig.StartAsync();
        var told = rig.Add();
        rig.Host.Posts.Answers.Enqueue(new EventPostAnswer.Failed("answered 500"));
        rig.Host.Events.ArePushed = true;
        rig.Host.Apply(rig.Client(new ClientEvents(Url)));
        await Deadline.ForAsync("the event to go", () => Task.FromResult(rig.Host.Events.Gone.Count == 1 ? "gone" : null));
        Assert.Equal([told.Id, told.Id], rig.Host.Posts.Posted.Select(each => OAuthHost.PayloadOf(each.Token).GetProperty("jti").GetString()!));
        var failure = rig.Host.Events.Failures.Single();
        Assert.Equal("answered 500", failure.Why);
        Assert.InRange(failure.Pause!.Value, TimeSpan.FromSeconds(1.6), TimeSpan.FromSeconds(2.4));
    }

    [Fact]
    public void A_receiver_that_was_away_for_days_is_tried_twice_a_minute()
    {
        Assert.InRange(EventDelivery.PauseAfter(1), TimeSpan.FromSeconds(1.6), TimeSpan.FromSeconds(2.4));
        for (var attempts = 6; attempts < 10_000; attempts *= 2) Assert.Equal(TimeSpan.FromSeconds(30), EventDelivery.PauseAfter(attempts));
    }

    [Theory]
    [InlineData("https://api.example.com/events", true)]
    [InlineData("https://api.example.com:8443/events?tenant=a", true)]
    [InlineData("http://127.0.0.1:9000/events", true)]
    [InlineData("http://localhost:9000/", true)]
    [InlineData("http://api.example.com/events", false)]
    [InlineData("http://10.0.0.1/events", false)]
    [InlineData("https://user:pass@api.example.com/", false)]
    [InlineData("https://@api.example.com/", false)]
    [InlineData("https://api.example.com/#part", false)]
    [InlineData("https://api.example.com/#", false)]
    [InlineData("https://api.example.com\\@evil.example.com/", false)]
    [InlineData("https:api.example.com", false)]
    [InlineData("ftp://api.example.com/", false)]
    [InlineData("/events", false)]
    [InlineData("https://api.example.com/ä", false)]
    [InlineData("https://api.example.com/a b", false)]
    [InlineData("", false)]
    [Trait("hostile", "bad input")]
    public void Only_https_and_this_machine_are_posted_to(string url, bool isAcceptable) => Assert.Equal(isAcceptable, ClientEvents.IsAcceptable(url));

    [Fact]
    [Trait("hostile", "bad input")]
    public void An_address_has_at_most_512_characters()
    {
        var longest = "https://api.example.com/".PadRight(ClientEvents.MostLength, 'x');
        Assert.True(ClientEvents.IsAcceptable(longest));
        Assert.False(ClientEvents.IsAcceptable(longest + "x"));
    }

    [Theory]
    [InlineData("poll", null, true, null)]
    [InlineData("push", Url, true, null)]
    [InlineData("none", null, true, null)]
    [InlineData("push", null, true, "events.url")]
    [InlineData("poll", Url, true, "events.url")]
    [InlineData("push", "http://api.example.com/", true, "events.url")]
    [InlineData("fax", null, true, "events.delivery")]
    [InlineData("poll", null, false, "events")]
    public async Task A_client_is_told_events_where_it_is_an_API_and_says_how(string delivery, string? url, bool isApi, string? field)
    {
        await using var host = await OAuthHost.StartAsync();
        using var key = Es256SigningKey.Generate();
        var order = new NewClient("billing", "o@example.com", isApi ? null : "bot", null, [key.PublicKey.ToJson()], LegacySecret: false, Reason: null, Audience: isApi ? EventsRig.Audience : null) { Events = new WantedEvents(delivery, url) };
        var made = await host.Get<ClientDesk>().RegisterAsync(new Requester(OrganisationId.Default, "admin"), order, CancellationToken.None);
        if (field is not null) Assert.Equal(field, Assert.Single(Assert.IsType<Result<RegisteredClientResult>.Refused>(made).Why.Errors).Path);
        else Assert.Equal(delivery == "none" ? null : new ClientEvents(url), Assert.IsType<Result<RegisteredClientResult>.Done>(made).Value.Client.Events);
    }

    [Theory]
    [InlineData("invalid_key", "invalid_key")]
    [InlineData("", "unreadable")]
    [InlineData(null, "unreadable")]
    [InlineData("<script>", "unreadable")]
    [InlineData("a\nb", "unreadable")]
    [InlineData("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "unreadable")]
    [Trait("hostile", "bad input")]
    public void Of_what_a_receiver_says_only_an_error_code_is_kept(string? said, string kept) => Assert.Equal(kept, EventError.Of(said));
}
