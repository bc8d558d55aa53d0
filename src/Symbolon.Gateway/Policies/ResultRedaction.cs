using System.Text.Json;
using System.Text.Json.Nodes;
using Symbolon.Gateway.Mcp;

namespace Symbolon.Gateway.Policies;

/// <summary>
/// Takes members out of an answer, wherever they are in it: in what is structured, and in texts that are JSON themselves, at every depth. A text of content that is none, an image
/// or another blob could hold what shall not be seen, and nobody could find it there: it is withheld whole. Of an error that the server words itself only the code stays.
/// </summary>
internal sealed class ResultRedaction
{
    private const string Redacted = "[redacted]";
    private const string Withheld = "[withheld: a rule takes members out of this result, and this part of it is not JSON]";
    private const string ErrorText = "The server answered with an error. Its text is withheld, since a rule takes members out of the answers to this call.";
    private const int MostDepth = 64;

    /// <summary>Of texts in texts: who writes JSON into JSON does it once or twice.</summary>
    private const int MostTexts = 8;

    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = 2 * MostDepth };
    private static readonly JsonWriterOptions Writing = new() { MaxDepth = 2 * MostDepth };

    private readonly List<string[]> wanted;

    /// <summary>Names of the members above; items of arrays add none.</summary>
    private readonly List<string> path = [];

    private int texts;

    private ResultRedaction(IEnumerable<string> members) => wanted = [.. members.Select(member => member.Split('.'))];

    /// <param name="answer">A JSON-RPC response.</param>
    /// <param name="members">Names, or paths with dots of which the end has to fit: <c>customer.ssn</c>.</param>
    /// <returns>False for what is no such thing; nothing was written then.</returns>
    public static bool TryWrite(ReadOnlySpan<byte> answer, IReadOnlyList<string> members, ByteBuffer to)
    {
        try
        {
            if (JsonNode.Parse(answer, documentOptions: Reading) is not JsonObject message) return false;
            // What else a server writes beside its answer is none of it.
            foreach (var (name, _) in message.ToList())
                if (name is not ("jsonrpc" or "id" or "result" or "error")) message.Remove(name);
            var redaction = new ResultRedaction(members);
            redaction.Visit(message["result"], isContent: false);
            if (message["error"] is { } error) redaction.VisitError(error, message);
            to.Clear();
            using var json = new Utf8JsonWriter(to, Writing);
            message.WriteTo(json);
            return true;
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            return false;
        }
    }

    /// <summary>Too deep; with a member twice, where no two readers would find the same; or with half a character (the only case of <see cref="InvalidOperationException"/>).</summary>
    private static bool IsUnreadable(Exception e) => e is JsonException or ArgumentException or InvalidOperationException;

    private void VisitError(JsonNode error, JsonObject message)
    {
        var kept = new JsonObject { ["code"] = error["code"]?.DeepClone(), ["message"] = ErrorText };
        if (error["data"] is JsonObject data)
        {
            Visit(data, isContent: false);
            kept["data"] = data.DeepClone();
        }
        message["error"] = kept;
    }

    /// <param name="isContent">It is a block of content: its text and data stand for something else.</param>
    private void Visit(JsonNode? node, bool isContent)
    {
        if (node is JsonArray items)
        {
            for (var i = 0; i < items.Count; i++)
                if (Instead(items[i], isText: false) is { } other) items[i] = other;
                else Visit(items[i], isContent);
            return;
        }
        if (node is not JsonObject members) return;
        foreach (var (name, value) in members.ToList())
        {
            path.Add(name);
            if (wanted.Exists(IsHere)) members[name] = Redacted;
            else if (isContent && name is "data" or "blob" && value is JsonValue) members[name] = null;
            else if (Instead(value, isText: isContent && name == "text") is { } other) members[name] = other;
            else Visit(value, isContent: name is "content" or "contents" or "messages" or "resource" || (isContent && name != "annotations"));
            path.RemoveAt(path.Count - 1);
        }
    }

    /// <param name="isText">It has to be JSON.</param>
    /// <returns>What stands for a text; null for what is none, and for one that stays.</returns>
    private string? Instead(JsonNode? node, bool isText)
    {
        if (node is not JsonValue value || value.GetValueKind() != JsonValueKind.String) return null;
        var text = value.GetValue<string>();
        var inner = text.AsSpan().Trim().Trim('\ufeff').Trim();
        if (!isText && inner is [not ('{' or '[' or '"'), ..] or []) return inner.StartsWith("data:", StringComparison.OrdinalIgnoreCase) ? Withheld : null;
        if (texts == MostTexts) return Withheld;
        texts++;
        var written = Inside(inner.ToString(), isText);
        texts--;
        // In quotation marks a text may be no JSON, and hold none.
        return written ?? (isText || inner[0] != '"' ? Withheld : null);
    }

    /// <returns>Null for what is no JSON that could hold a member.</returns>
    private string? Inside(string text, bool isText)
    {
        var depth = path.Count;
        try
        {
            var inner = JsonNode.Parse(text, documentOptions: Reading);
            if (inner is JsonValue && !isText) return Instead(inner, isText: false) is { } other ? JsonValue.Create(other).ToJsonString() : null;
            if (inner is not (JsonObject or JsonArray)) return null;
            Visit(inner, isContent: false);
            return inner.ToJsonString();
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            path.RemoveRange(depth, path.Count - depth);
            return null;
        }
    }

    /// <summary>Without regard to case: a reader behind us may have none.</summary>
    private bool IsHere(string[] end)
    {
        if (end.Length > path.Count) return false;
        for (var i = 0; i < end.Length; i++)
            if (!string.Equals(path[path.Count - end.Length + i], end[i], StringComparison.OrdinalIgnoreCase)) return false;
        return true;
    }
}
