using System.Text.Json;
using Symbolon.Core;
using Symbolon.Core.Announcements;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Reviews;
using Symbolon.Core.Snapshot;

namespace Symbolon.Registry.Reviews;

/// <summary>What the webhook is told of reviews and drift, in the commit that it is about: names and digests, never a definition, which is a stranger's text.</summary>
internal static class ReviewNews
{
    private const int MostTools = 50;

    public static Change.Announce Opened(Review review) => Of(AnnouncementType.ReviewOpened, review);

    /// <summary>Decided or expired; what was superseded is no news.</summary>
    public static Change.Announce Closed(Review review) => Of(review.State == ReviewState.Expired ? AnnouncementType.ReviewExpired : AnnouncementType.ReviewDecided, review);

    public static Change.Announce DriftSeen(Review review) => Of(AnnouncementType.DriftSeen, review);

    public static Change.Announce Suspended(ServerObject server) => new(AnnouncementType.ServerSuspended, server.Name.Value, Write(json =>
    {
        json.WriteString("by", server.LastChange?.By);
        json.WriteString("reason", server.LastChange?.Reason);
    }));

    private static Change.Announce Of(string type, Review review) => new(type, review.Name.Server.Value, Write(json =>
    {
        json.WriteString("review", review.Name.ToString());
        json.WriteString("cause", review.Cause.ToText());
        json.WriteString("state", review.State.ToText());
        json.WriteString("requestedBy", review.RequestedBy);
        if (review.Manifest is { } manifest) json.WriteNumber("manifest", manifest);
        if (review.ExpiresAt != long.MaxValue) json.WriteString("expiresAt", UnixTime.FromMicroseconds(review.ExpiresAt));
        if (review.Decision is { } decision)
        {
            json.WriteString("decidedBy", decision.By);
            json.WriteString("reason", decision.Reason);
        }
        if (review.Definitions.IsEmpty) return;
        json.WriteStartArray("tools");
        foreach (var tool in review.Definitions.Select(seen => seen.Tool.Value).Distinct().Take(MostTools)) json.WriteStringValue(tool);
        json.WriteEndArray();
    }));

    private static string Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
