using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Symbolon.Admin.Console.AuditPages;

/// <summary>What the records of an entry hold, name by name; what they do not hold is left out.</summary>
internal static class EntryFacts
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static IReadOnlyList<(string Name, string Value)> Of(AuditEntry entry)
    {
        var (line, decided) = (entry.Main, entry.Decided);
        (string Name, string? Value)[] all =
        [
            ("Kind", line.Kind),
            ("Call", line.Call?.ToString()),
            ("Method", decided?.Method),
            ("Scope used", decided?.Scope),
            ("Grant", decided?.Grant),
            ("Rule", decided?.Rule),
            ("Only observed", decided?.Observed),
            ("Reason code", entry.Code),
            ("Outcome", line.Outcome),
            ("Decided", entry.Intent is { } intent ? AuditWords.Stamp(intent.At) : null),
            (line.IsOutcome ? "Ended" : "Happened", AuditWords.Stamp(line.At)),
            ("Took", line.Duration is null ? null : AuditWords.Took(line.Duration)),
            ("Arguments", decided?.ArgumentsSize is { } size ? AuditWords.Bytes(size) : null),
            ("HMAC of the arguments", decided?.ArgumentsHmac),
            ("Answer", line.AnswerSize is { } answer ? AuditWords.Bytes(answer) : null),
            ("HTTP status of the server", line.UpstreamStatus?.ToString(CultureInfo.InvariantCulture)),
            ("MCP revision", decided?.ProtocolVersion),
            ("Trace id, as the caller says it", decided?.Trace),
            ("Node", decided?.Node),
            ("By", line.By),
            ("Address", line.Peer),
            ("Requests", line.Count?.ToString(CultureInfo.InvariantCulture)),
            ("Action", line.Action),
            ("Target", line.Target),
            ("Version", line.ObjectVersion?.ToString(CultureInfo.InvariantCulture)),
            ("Reason", line.Reason),
        ];
        return [.. all.Where(fact => fact.Value is not null).Select(fact => (fact.Name, fact.Value!))];
    }

    /// <summary>The same JSON on several lines.</summary>
    public static string Indented(string json)
    {
        using var document = JsonDocument.Parse(json);
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text, Readable)) document.RootElement.WriteTo(writer);
        return System.Text.Encoding.UTF8.GetString(text.ToArray());
    }
}
