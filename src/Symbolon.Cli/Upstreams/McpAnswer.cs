using System.Net;
using System.Text.Json;

namespace Symbolon.Cli.Upstreams;

/// <summary>What came back for one message.</summary>
/// <param name="Status">Null where there is no HTTP.</param>
/// <param name="Message">The JSON-RPC answer with the request's id; null where there is none.</param>
internal sealed record McpAnswer(HttpStatusCode? Status, string? Session, JsonElement? Message)
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    public JsonElement? Result => Member("result");
    public JsonElement? Error => Member("error");
    public bool Refused => Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden;

    /// <returns>The message if it answers this request; null for any other.</returns>
    /// <exception cref="UpstreamException">It is no JSON.</exception>
    public static JsonElement? Read(ReadOnlyMemory<byte> json, int id)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            var message = document.RootElement;
            var answers = message.ValueKind == JsonValueKind.Object && !message.TryGetProperty("method", out _)
                && message.TryGetProperty("id", out var found) && found.ValueKind == JsonValueKind.Number && found.TryGetInt32(out var number) && number == id;
            return answers ? message.Clone() : null;
        }
        catch (JsonException)
        {
            throw new UpstreamException("An answer is no JSON, or names a member twice.");
        }
    }

    private JsonElement? Member(string name) =>
        Message is { ValueKind: JsonValueKind.Object } message && message.TryGetProperty(name, out var value) ? value : null;
}
