using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Symbolon.Core.OAuth;
using Symbolon.Core.Resources;

namespace Symbolon.Storage.Documents;

/// <summary>Limits on resources are stored as the <c>authorization_details</c> that they are in tokens.</summary>
internal sealed class ResourceSetConverter : JsonConverter<ResourceSet>
{
    public override ResourceSet Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return AuthorizationDetails.Parse(Encoding.UTF8.GetBytes(document.RootElement.GetRawText()), out var fault) ?? throw new JsonException($"The limits of the store are none: {fault}.");
    }

    public override void Write(Utf8JsonWriter writer, ResourceSet value, JsonSerializerOptions options) => AuthorizationDetails.Write(writer, value);
}
