using System.Text.Json.Nodes;
using Symbolon.Core.Announcements;

namespace Symbolon.UnitTests.Admin;

[Trait("area", "webhook")]
public sealed class WebhookTests
{
    [Fact]
    public async Task It_is_shown_as_the_store_has_it()
    {
        await using var host = await AdminHost.StartAsync();
        host.Announcements.State = new AnnouncementState(
            3, 1_800_000_000_000_000, new AnnouncementAttempt("msg_1", "drift.seen", 1_800_000_001_000_000, null), new AnnouncementAttempt("msg_2", "ping", 1_800_000_002_000_000, "answered 500"), null, 4, null);
        Assert.Equal(
            """{"state":"on","url":"https://hooks.example.com/symbolon","waiting":3,"oldestWaiting":"2027-01-15T08:00:00+00:00","lastSuccess":{"id":"msg_1","type":"drift.seen","at":"2027-01-15T08:00:01+00:00"},"lastFailure":{"id":"msg_2","type":"ping","at":"2027-01-15T08:00:02+00:00","why":"answered 500"},"lost":4}""",
            (await host.GetAsync("/api/v1/webhook")).Text);

        host.Announcements.State = host.Announcements.State with { Gone = new WebhookAddress(new Uri("https://hooks.example.com/symbolon")).Fingerprint };
        Assert.Equal("gone", (string?)JsonNode.Parse((await host.GetAsync("/api/v1/webhook")).Text)!["state"]);
        // Said of another address, before it was changed.
        host.Announcements.State = host.Announcements.State with { Gone = new WebhookAddress(new Uri("https://hooks.example.com/old")).Fingerprint };
        Assert.Equal("on", (string?)JsonNode.Parse((await host.GetAsync("/api/v1/webhook")).Text)!["state"]);
    }

    [Fact]
    public async Task A_test_is_a_ping_in_one_commit_with_the_record_of_who_asked_for_it()
    {
        await using var host = await AdminHost.StartAsync();
        var answer = await host.PostAsync("/api/v1/webhook/test", """{"reason":"after the move"}""");
        Assert.Equal(202, answer.Status);
        var ping = Assert.Single(host.Store.Announced);
        Assert.Equal((AnnouncementType.Ping, (string?)JsonNode.Parse(answer.Text)!["id"]), (ping.Type, ping.Id));
        var record = Assert.Single(host.Store.Committed);
        Assert.Equal(("try the webhook", "Webhook", "after the move", "admin-token"), (record.Action, record.Target, record.Reason, record.By));
    }
}
