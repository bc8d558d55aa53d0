using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Symbolon.Core.Revocation;
using Symbolon.Jose;

namespace Symbolon.AuthorizationServer.Feed;

/// <summary>Whom an API must not serve at this moment: an agent, a workflow or a server that is not active.</summary>
internal readonly record struct FeedSubject(RevocationLevel Level, string Name);

/// <summary>
/// The events of the feed, as they go out. Nobody is named: a target is the base64url SHA-256 of its level, a line feed and its name, which an API that has a
/// token with that name in it can make itself, and which tells others little.
/// </summary>
internal static class FeedText
{
    public static byte[] State(long now, IEnumerable<Epoch> epochs, IEnumerable<FeedSubject> inactive) => Event("state", json =>
    {
        json.WriteNumber("now", now);
        json.WriteStartArray("epochs");
        foreach (var epoch in epochs) Write(json, epoch);
        json.WriteEndArray();
        json.WriteStartArray("inactive");
        foreach (var subject in inactive)
        {
            json.WriteStartObject();
            WriteTarget(json, subject.Level, subject.Name);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    public static byte[] Raised(Epoch epoch) => Event("epoch", json => WriteMembers(json, epoch));

    public static byte[] Moved(FeedSubject subject, bool isActive) => Event(isActive ? "active" : "inactive", json => WriteTarget(json, subject.Level, subject.Name));

    public static byte[] Current(long now) => Event("current", json => json.WriteNumber("now", now));

    public static string HashOf(RevocationLevel level, string target) => Base64Url.Encode(SHA256.HashData(Encoding.UTF8.GetBytes($"{NameOf(level)}\n{target}")));

    private static string NameOf(RevocationLevel level) => level.ToString().ToLowerInvariant();

    private static void Write(Utf8JsonWriter json, Epoch epoch)
    {
        json.WriteStartObject();
        WriteMembers(json, epoch);
        json.WriteEndObject();
    }

    private static void WriteMembers(Utf8JsonWriter json, Epoch epoch)
    {
        WriteTarget(json, epoch.Level, epoch.Target);
        json.WriteNumber("not_before", epoch.NotBefore);
    }

    private static void WriteTarget(Utf8JsonWriter json, RevocationLevel level, string target)
    {
        json.WriteString("level", NameOf(level));
        json.WriteString("target", HashOf(level, target));
    }

    private static byte[] Event(string name, Action<Utf8JsonWriter> members)
    {
        var text = new ArrayBufferWriter<byte>();
        text.Write(Encoding.ASCII.GetBytes($"event: {name}\ndata: "));
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        text.Write("\n\n"u8);
        return text.WrittenSpan.ToArray();
    }
}
