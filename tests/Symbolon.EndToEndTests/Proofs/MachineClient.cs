using System.Text;
using System.Text.Json.Nodes;
using Symbolon.Jose.Signatures;
using Symbolon.Testing.OAuth;
using Symbolon.Testing.Processes;

namespace Symbolon.EndToEndTests.Proofs;

/// <summary>An agent with a key that speaks OAuth over plain HTTP, as honest as a test wants it.</summary>
internal sealed class MachineClient : IDisposable
{
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private readonly HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false });
    private readonly Es256SigningKey key = Es256SigningKey.Generate();
    private readonly SymbolonProcess symbolon;

    private MachineClient(SymbolonProcess symbolon, string name) => (this.symbolon, Id) = (symbolon, $"agent:{name}");

    /// <summary>As which client it comes; the agent itself unless it is set.</summary>
    public string Id { get; set; }

    /// <summary>Its public key.</summary>
    public JsonNode Jwk => JsonNode.Parse(key.PublicKey.ToJson())!;

    /// <summary>The key that its tokens are bound to.</summary>
    public ProofKey Proofs { get; } = new();

    public string Origin => symbolon.Url.GetLeftPart(UriPartial.Authority);

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>Applies the agent, and a grant for these tools of a server.</summary>
    public static async Task<MachineClient> CreateAsync(SymbolonProcess symbolon, Setup setup, string name, string server, params string[] tools)
    {
        var machine = new MachineClient(symbolon, name);
        await setup.Api.ApplyAsync(
            new JsonObject
            {
                ["apiVersion"] = "symbolon/v1", ["kind"] = "Agent", ["metadata"] = new JsonObject { ["name"] = name, ["owner"] = "owner@example.com" },
                ["spec"] = new JsonObject { ["keys"] = new JsonArray(machine.Jwk) },
            },
            new JsonObject
            {
                ["apiVersion"] = "symbolon/v1", ["kind"] = "Grant", ["metadata"] = new JsonObject { ["name"] = $"{name}-{server}" },
                ["spec"] = new JsonObject
                {
                    ["to"] = new JsonObject { ["agents"] = new JsonArray(name) },
                    ["servers"] = new JsonArray(new JsonObject { ["name"] = server, ["tools"] = new JsonArray([.. tools.Select(tool => JsonValue.Create(tool))]) }),
                },
            });
        return machine;
    }

    public string Assertion() => key.Sign("client-authentication+jwt", Encoding.UTF8.GetBytes(new JsonObject
    {
        ["iss"] = Id, ["sub"] = Id, ["aud"] = Origin, ["iat"] = Now, ["exp"] = Now + 120, ["jti"] = Guid.NewGuid().ToString(),
    }.ToJsonString()));

    /// <summary>A token as OpenID Connect has them, signed by this client's key.</summary>
    public string IdToken(string subject) => key.Sign("JWT", Encoding.UTF8.GetBytes(new JsonObject
    {
        ["iss"] = Origin, ["sub"] = subject, ["aud"] = Id, ["iat"] = Now, ["exp"] = Now + 120, ["jti"] = Guid.NewGuid().ToString(), ["nonce"] = "n",
    }.ToJsonString()));

    /// <summary>The fields of a form by which it proves itself, good once.</summary>
    public (string Name, string Value)[] Authentication(string? assertion = null) => [("client_assertion_type", AssertionType), ("client_assertion", assertion ?? Assertion())];

    public string TokenProof() => Proofs.Proof("POST", Origin + "/oauth/token", Now);

    /// <summary>A proof for a POST to a server of the OAuth family.</summary>
    public string CallProof(string server, string token) => Proofs.Proof("POST", $"{Origin}/mcp/{server}", Now, token);

    /// <summary>A token request.</summary>
    /// <param name="proof">Null for a bearer token.</param>
    public Task<(int Status, JsonNode? Json)> AskAsync(string server, string assertion, string? proof) => PostAsync(
        "/oauth/token", proof, [.. Authentication(assertion), ("grant_type", "client_credentials"), ("resource", $"{Origin}/mcp/{server}")]);

    public async Task<string> TokenAsync(string server, bool isBound)
    {
        var (status, json) = await AskAsync(server, Assertion(), isBound ? TokenProof() : null);
        return status == 200 ? (string)json!["access_token"]! : throw new InvalidOperationException($"{status}: {json}");
    }

    public async Task<(int Status, JsonNode? Json)> PostAsync(string path, string? proof, params (string Name, string Value)[] form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Origin + path) { Content = new FormUrlEncodedContent(form.Select(each => KeyValuePair.Create(each.Name, each.Value))) };
        if (proof is not null) request.Headers.TryAddWithoutValidation("DPoP", proof);
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    public void Dispose()
    {
        client.Dispose();
        key.Dispose();
        Proofs.Dispose();
    }
}
