using System.Globalization;
using System.Text;
using System.Text.Json;
using Symbolon.Core;
using Symbolon.Core.Announcements;

namespace Symbolon.Server.Webhooks;

/// <summary>The body of the request that tells an event: <c>{type, timestamp, data}</c>, the same bytes at every attempt.</summary>
internal static class WebhookMessage
{
    public static byte[] Of(Announcement announcement)
    {
        var happened = UnixTime.FromMicroseconds(announcement.CreatedAt).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
        var server = announcement.Server.Length == 0 ? "" : $",\"server\":{Text(announcement.Server)}";
        return Encoding.UTF8.GetBytes(
            $$"""{"type":{{Text(announcement.Type)}},"timestamp":"{{happened}}","data":{"organisation":{{Text(announcement.Organisation.Value)}}{{server}}{{Rest(announcement.Body)}}}""");
    }

    /// <summary>The object's members behind those that every event has, as they were written, and its end.</summary>
    private static string Rest(string body)
    {
        var members = body.AsSpan().Trim()[1..].TrimStart();
        return members.StartsWith('}') ? "}" : $",{members}";
    }

    private static string Text(string value) => $"\"{JsonEncodedText.Encode(value)}\"";
}
