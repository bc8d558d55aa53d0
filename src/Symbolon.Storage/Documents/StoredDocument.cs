using System.Text.Encodings.Web;
using System.Text.Json;
using Symbolon.Core.Keys;
using Symbolon.Core.OAuth;
using Symbolon.Core.OAuth.Authorizations;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Reviews;
using Symbolon.Core.Snapshot;

namespace Symbolon.Storage.Documents;

/// <summary>Objects of the configuration to text and back.</summary>
internal static class StoredDocument
{
    /// <summary>Text is stored as it is, so that a person who looks into the database can read it.</summary>
    private static readonly StoreJson Json = new(new JsonSerializerOptions(StoreJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <exception cref="UnstorableTextException">The object holds U+0000 somewhere.</exception>
    public static string Write(object item) => StorableText.RequireDocument(item switch
    {
        ServerObject server => JsonSerializer.Serialize(server, Json.ServerObject),
        AgentObject agent => JsonSerializer.Serialize(agent, Json.AgentObject),
        WorkflowObject workflow => JsonSerializer.Serialize(workflow, Json.WorkflowObject),
        GrantObject grant => JsonSerializer.Serialize(grant, Json.GrantObject),
        PolicyObject policy => JsonSerializer.Serialize(policy, Json.PolicyObject),
        ResourceObject resource => JsonSerializer.Serialize(resource, Json.ResourceObject),
        IssuerObject issuer => JsonSerializer.Serialize(issuer, Json.IssuerObject),
        OrganisationObject organisation => JsonSerializer.Serialize(organisation, Json.OrganisationObject),
        ClientObject client => JsonSerializer.Serialize(client, Json.ClientObject),
        SigningKeyRing ring => JsonSerializer.Serialize(ring, Json.SigningKeyRing),
        ServerKeysObject keys => JsonSerializer.Serialize(keys, Json.ServerKeysObject),
        TokenRecord token => JsonSerializer.Serialize(token, Json.TokenRecord),
        Authorization authorization => JsonSerializer.Serialize(authorization, Json.Authorization),
        DynamicClient client => JsonSerializer.Serialize(client, Json.DynamicClient),
        AuthorizationCode code => JsonSerializer.Serialize(code, Json.AuthorizationCode),
        Review review => JsonSerializer.Serialize(review, Json.Review),
        _ => throw new ArgumentException($"Not a configuration object: {item.GetType()}", nameof(item)),
    });

    public static object Read(string kind, string document) => kind switch
    {
        nameof(ObjectKind.Server) => Found(JsonSerializer.Deserialize(document, Json.ServerObject)),
        nameof(ObjectKind.Agent) => Found(JsonSerializer.Deserialize(document, Json.AgentObject)),
        nameof(ObjectKind.Workflow) => Found(JsonSerializer.Deserialize(document, Json.WorkflowObject)),
        nameof(ObjectKind.Grant) => Found(JsonSerializer.Deserialize(document, Json.GrantObject)),
        nameof(ObjectKind.Policy) => Found(JsonSerializer.Deserialize(document, Json.PolicyObject)),
        nameof(ObjectKind.Resource) => Found(JsonSerializer.Deserialize(document, Json.ResourceObject)),
        nameof(ObjectKind.Issuer) => Found(JsonSerializer.Deserialize(document, Json.IssuerObject)),
        nameof(ObjectKind.Organisation) => Found(JsonSerializer.Deserialize(document, Json.OrganisationObject)),
        nameof(ObjectKind.Client) => Found(JsonSerializer.Deserialize(document, Json.ClientObject)),
        nameof(ObjectKind.SigningKeys) => Found(JsonSerializer.Deserialize(document, Json.SigningKeyRing)),
        nameof(ObjectKind.ServerKeys) => Found(JsonSerializer.Deserialize(document, Json.ServerKeysObject)),
        _ => throw new JsonException($"The store holds an object of the unknown kind '{kind}'."),
    };

    public static TokenRecord ReadToken(string document) => Found(JsonSerializer.Deserialize(document, Json.TokenRecord));

    public static Authorization ReadAuthorization(string document) => Found(JsonSerializer.Deserialize(document, Json.Authorization));

    public static AuthorizationCode ReadCode(string document) => Found(JsonSerializer.Deserialize(document, Json.AuthorizationCode));

    public static DynamicClient ReadDynamicClient(string document) => Found(JsonSerializer.Deserialize(document, Json.DynamicClient));

    public static Review ReadReview(string document, long revision) => Found(JsonSerializer.Deserialize(document, Json.Review)) with { Revision = revision };

    private static T Found<T>(T? value) where T : class => value ?? throw new JsonException("The store holds an empty document.");
}
