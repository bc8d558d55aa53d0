using System.Text.Json.Serialization;
using Symbolon.Core.Keys;
using Symbolon.Core.OAuth;
using Symbolon.Core.OAuth.Authorizations;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Reviews;

namespace Symbolon.Storage.Documents;

/// <summary>The documents of the store. Strict: a member that this program does not know means that the row is not ours to read.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    IgnoreReadOnlyProperties = true,
    UseStringEnumConverter = true,
    MaxDepth = 256,
    Converters =
    [
        typeof(OrganisationIdConverter), typeof(ServerNameConverter), typeof(ToolNameConverter), typeof(AgentNameConverter),
        typeof(WorkflowNameConverter), typeof(ReviewNameConverter), typeof(GrantNameConverter), typeof(PolicyNameConverter), typeof(ResourceNameConverter), typeof(IssuerNameConverter), typeof(SubjectPatternConverter), typeof(UserEmailConverter), typeof(TokenIdConverter),
        typeof(ClientIdConverter), typeof(AuthorizationIdConverter), typeof(ResourcePatternConverter), typeof(UriPatternConverter), typeof(ResourceSetConverter), typeof(ToolConstraintsConverter), typeof(ExactJsonConverter),
        typeof(UpstreamConverter),
    ])]
[JsonSerializable(typeof(ServerObject))]
[JsonSerializable(typeof(StoredUpstream))]
[JsonSerializable(typeof(AgentObject))]
[JsonSerializable(typeof(WorkflowObject))]
[JsonSerializable(typeof(GrantObject))]
[JsonSerializable(typeof(PolicyObject))]
[JsonSerializable(typeof(ResourceObject))]
[JsonSerializable(typeof(IssuerObject))]
[JsonSerializable(typeof(OrganisationObject))]
[JsonSerializable(typeof(ClientObject))]
[JsonSerializable(typeof(SigningKeyRing))]
[JsonSerializable(typeof(ServerKeysObject))]
[JsonSerializable(typeof(TokenRecord))]
[JsonSerializable(typeof(Authorization))]
[JsonSerializable(typeof(AuthorizationCode))]
[JsonSerializable(typeof(DynamicClient))]
[JsonSerializable(typeof(Review))]
internal sealed partial class StoreJson : JsonSerializerContext;
