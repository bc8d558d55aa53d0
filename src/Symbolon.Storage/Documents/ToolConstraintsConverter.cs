using System.Text.Json;
using System.Text.Json.Serialization;
using Symbolon.Core.Registry;

namespace Symbolon.Storage.Documents;

/// <summary>Constraints are stored as the JSON of their file, numbers in their own text.</summary>
internal sealed class ToolConstraintsConverter : JsonConverter<ToolConstraints>
{
    public override ToolConstraints Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(JsonElement.ParseValue(ref reader));

    public override void Write(Utf8JsonWriter writer, ToolConstraints value, JsonSerializerOptions options) => writer.WriteRawValue(value.Json.GetRawText(), skipInputValidation: true);
}
