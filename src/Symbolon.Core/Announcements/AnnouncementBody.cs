using System.Text;
using System.Text.Json;

namespace Symbolon.Core.Announcements;

/// <summary>The <c>data</c> of an event: a JSON object, bounded, so that the whole message stays within 8 KiB.</summary>
public static class AnnouncementBody
{
    /// <summary>Bytes of the object in UTF-8; type, time, organisation and server take less than the rest of 8 KiB.</summary>
    public const int MostBytes = 7 * 1024;

    /// <summary>Stands for an object that is longer: the news is told all the same, and what it is about is read from the admin API.</summary>
    public const string Cut = """{"cut":true}""";

    /// <exception cref="ArgumentException">It is no JSON object.</exception>
    public static string Bounded(string body)
    {
        if (Encoding.UTF8.GetByteCount(body) > MostBytes) return Cut;
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return body;
        }
        catch (JsonException)
        {
            // Told below, as any other text that is none.
        }
        throw new ArgumentException("The data of an event must be a JSON object.", nameof(body));
    }
}
