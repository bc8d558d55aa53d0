using System.Text.Json;
using System.Text.Json.Serialization;

namespace Symbolon.Storage.Documents;

/// <summary>Keeps a piece of JSON byte for byte: digests are taken over it, and a number may be one that no type of ours carries.</summary>
internal sealed class ExactJsonConverter : JsonConverter<JsonElement>
{
    public override JsonElement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonElement.ParseValue(ref reader);

    public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options) =>
        writer.WriteRawValue(JsonText(value), skipInputValidation: true);

    /// <summary>An element that somebody built and did not parse has text as well; one that was never set is null.</summary>
    private static string JsonText(JsonElement value) => value.ValueKind == JsonValueKind.Undefined ? "null" : value.GetRawText();
}
