using System.Text.Json.Serialization;

namespace Symbolon.Gateway.Upstreams.Runner;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunnerOrder))]
[JsonSerializable(typeof(RunnerAnswer))]
internal sealed partial class RunnerJson : JsonSerializerContext;
