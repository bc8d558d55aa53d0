using System.Text;
using System.Text.Json;
using Symbolon.Core.Announcements;
using Symbolon.Core.Identity;
using Symbolon.Core.Outbound;
using Symbolon.Core.Snapshot;
using Symbolon.Server.Webhooks;

namespace Symbolon.UnitTests.Server;

[Trait("area", "webhook")]
public sealed class WebhookMessageTests
{
    [Fact]
    [Trait("clause", "Standard Webhooks 1.0.0 Payload structure")]
    public void A_message_says_what_happened_when_and_to_which_server() => Assert.Equal(
        """{"type":"drift.seen","timestamp":"2027-01-15T12:00:00.000001Z","data":{"organisation":"default","server":"orders","tool":"refund","n":1.50}}""",
        Text("drift.seen", "orders", """ {"tool":"refund","n":1.50} """));

    [Fact]
    public void One_that_is_about_no_server_and_says_nothing_more_is_whole_too() => Assert.Equal(
        """{"type":"ping","timestamp":"2027-01-15T12:00:00.000001Z","data":{"organisation":"default"}}""", Text("ping", "", "{ }"));

    [Theory]
    [InlineData("\"\\u0000\\ud800<script>\"")]
    [InlineData("\"räksmörgås 🦀 }],{\"")]
    [InlineData("[{\"a\":{}}]")]
    public void Whatever_a_server_calls_itself_or_its_tools_the_message_is_json_with_the_same_values(string value)
    {
        var message = Text("drift.seen", "\"},{\"\n", $$"""{"tool":{{value}}}""");
        using var read = JsonDocument.Parse(message);
        Assert.Equal("\"},{\"\n", read.RootElement.GetProperty("data").GetProperty("server").GetString());
        Assert.Equal(value, read.RootElement.GetProperty("data").GetProperty("tool").GetRawText());
    }

    [Fact]
    public void An_event_that_says_too_much_says_that_it_was_cut_and_one_at_the_bound_is_whole()
    {
        var whole = $$"""{"x":"{{new string('x', AnnouncementBody.MostBytes - 8)}}"}""";
        Assert.Equal(whole, new Change.Announce("drift.seen", "orders", whole).Body);
        Assert.InRange(Encoding.UTF8.GetByteCount(Text("drift.seen", new string('s', 31), whole)), 7 * 1024, 8 * 1024);
        Assert.Equal("""{"cut":true}""", new Change.Announce("drift.seen", "orders", $$"""{"x":"{{new string('ä', AnnouncementBody.MostBytes / 2)}}"}""").Body);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"a\":1")]
    [InlineData("{} {}")]
    public void What_is_no_object_cannot_be_announced(string body) => Assert.Throws<ArgumentException>(() => new Change.Announce("drift.seen", "orders", body));

    [Fact]
    public void Pauses_double_up_to_six_hours_and_differ_by_a_fifth_to_either_side()
    {
        Assert.Equal(TimeSpan.FromSeconds(1.6), DeliveryPauses.After(1, 0));
        Assert.Equal(TimeSpan.FromSeconds(2.4), DeliveryPauses.After(1, 1));
        Assert.Equal(TimeSpan.FromSeconds(8), DeliveryPauses.After(3, 0.5));
        Assert.Equal(TimeSpan.FromHours(6), DeliveryPauses.After(15, 0.5));
        Assert.Equal(TimeSpan.FromHours(6) * 1.2, DeliveryPauses.After(int.MaxValue, 1));
    }

    private static string Text(string type, string server, string body) =>
        Encoding.UTF8.GetString(WebhookMessage.Of(new Announcement(OrganisationId.Default, "msg_1", type, server, body, 1_800_014_400_000_001, 1)));
}
