using System.Net;
using System.Text.Json.Nodes;
using Symbolon.Testing.OAuth;

namespace Symbolon.EndToEndTests.Credentials;

/// <summary>What an instance of a server asks of Symbolon, without our library. Null for an answer that did not come.</summary>
internal sealed class ServerByHand(HttpClient http, string issuer, string server)
{
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    public Task<(HttpStatusCode Status, JsonNode Json)?> EnrolAsync(string code, ProofKey key, string? instance = null) =>
        PostAsync("/oauth/enroll", key, new() { ["code"] = code, ["instance"] = instance });

    public Task<(HttpStatusCode Status, JsonNode Json)?> RotateAsync(ProofKey old, ProofKey next) => PostAsync("/oauth/rotate", next, Signed(old, next));

    public Task<(HttpStatusCode Status, JsonNode Json)?> TokenAsync(ProofKey key)
    {
        var form = Signed(key);
        form["grant_type"] = "client_credentials";
        return PostAsync("/oauth/token", key, form);
    }

    private Dictionary<string, string?> Signed(ProofKey by, ProofKey? successor = null) => new()
    {
        ["client_id"] = $"server:{server}", ["client_assertion_type"] = AssertionType,
        ["client_assertion"] = by.Assert(new JsonObject
        {
            ["iss"] = $"server:{server}", ["sub"] = $"server:{server}", ["aud"] = issuer, ["iat"] = Now, ["exp"] = Now + 60, ["jti"] = Guid.NewGuid().ToString(),
            ["cnf"] = successor is null ? null : new JsonObject { ["jkt"] = successor.Thumbprint.ToString() },
        }),
    };

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    private async Task<(HttpStatusCode Status, JsonNode Json)?> PostAsync(string path, ProofKey proof, Dictionary<string, string?> form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, issuer + path);
        request.Headers.TryAddWithoutValidation("DPoP", proof.Proof("POST", issuer + path, Now));
        request.Content = new FormUrlEncodedContent(form.Where(field => field.Value is not null).Select(field => KeyValuePair.Create(field.Key, field.Value!)));
        try
        {
            using var answer = await http.SendAsync(request);
            return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException)
        {
            return null;
        }
    }
}
