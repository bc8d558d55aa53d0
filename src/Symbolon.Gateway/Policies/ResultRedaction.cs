using System.Text.Json;
using System.Text.Json.Nodes;
using Symbolon.Gateway.Mcp;

namespace Symbolon.Gateway.Policies;

/// <summary>
/// Takes members out of an answer, wherever they are in it: in what is structured, and in texts that are JSON themselves. A text that is none, an image or another blob could
/// hold what shall not be seen, and nobody could find it there: it is withheld whole.
/// </summary>
internal static class ResultRedaction
{
    private const string Redacted = "[redacted]";
    private const string Withheld = "[withheld: a rule takes members out of this result, and this part of it is not JSON]";
    private const int MostDepth = 64;

    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = 2 * MostDepth };
    private static readonly JsonWriterOptions Writing = new() { MaxDepth = 2 * MostDepth };

    /// <param name="answer">A JSON-RPC response.</param>
    /// <param name="members">Names, or paths with dots of which the end has to fit: <c>customer.ssn</c>.</param>
    /// <returns>False for what is no such thing; nothing was written then.</returns>
    public static bool TryWrite(ReadOnlySpan<byte> answer, IReadOnlyList<string> members, ByteBuffer to)
    {
        try
        {
            if (JsonNode.Parse(answer, documentOptions: Reading) is not JsonObject message) return false;
            var wanted = members.Select(member => member.Split('.')).ToList();
            foreach (var part in new[] { message["result"], message["error"] }) Visit(part, [], wanted, isContent: false);
            to.Clear();
            using var json = new Utf8JsonWriter(to, Writing);
            message.WriteTo(json);
            return true;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            // Too deep, or with a member twice.
            return false;
        }
    }

    /// <param name="path">Names of the members above it; items of arrays add none.</param>
    /// <param name="isContent">It is a block of content: its text and data stand for something else.</param>
    private static void Visit(JsonNode? node, List<string> path, List<string[]> wanted, bool isContent)
    {
        if (node is JsonArray items)
        {
            foreach (var item in items) Visit(item, path, wanted, isContent);
            return;
        }
        if (node is not JsonObject members) return;
        foreach (var (name, value) in members.ToList())
        {
            path.Add(name);
            if (wanted.Exists(each => EndsWith(path, each))) members[name] = Redacted;
            else if (isContent && name is "data" or "blob" && value is JsonValue) members[name] = null;
            else if (isContent && name == "text" && value is JsonValue text && text.TryGetValue<string>(out var written)) members[name] = Inside(written, wanted);
            else Visit(value, path, wanted, isContent: name is "content" or "contents" or "messages" or "resource" || (isContent && name != "annotations"));
            path.RemoveAt(path.Count - 1);
        }
    }

    private static string Inside(string text, List<string[]> wanted)
    {
        try
        {
            var inner = JsonNode.Parse(text, documentOptions: Reading);
            if (inner is not (JsonObject or JsonArray)) return Withheld;
            Visit(inner, [], wanted, isContent: false);
            return inner.ToJsonString();
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            // No JSON; or with a member twice, where no two readers would find the same.
            return Withheld;
        }
    }

    /// <summary>Without regard to case: a reader behind us may have none.</summary>
    private static bool EndsWith(List<string> path, string[] wanted)
    {
        if (wanted.Length > path.Count) return false;
        for (var i = 0; i < wanted.Length; i++)
            if (!string.Equals(path[path.Count - wanted.Length + i], wanted[i], StringComparison.OrdinalIgnoreCase)) return false;
        return true;
    }
}
