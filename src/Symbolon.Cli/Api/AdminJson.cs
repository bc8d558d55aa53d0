using System.Text.Json;
using System.Text.Json.Serialization;

namespace Symbolon.Cli.Api;

/// <summary>How requests to the admin API are written.</summary>
internal static class AdminJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };
}
