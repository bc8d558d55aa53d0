using System.Text.Json;
using System.Text.Json.Nodes;
using Symbolon.Client.Credentials;
using Symbolon.Client.Http;
using Symbolon.Client.Keys;

namespace Symbolon.Cli.Sidecar;

/// <summary><c>/token</c>, <c>/proof</c> and <c>/exchange</c>, for programs that make their requests themselves.</summary>
internal sealed class TokenEndpoints(ServerCredential credential, ApiTarget target)
{
    private const int MostMethod = 16;
    private const int MostUrl = 4096;
    private const int MostNonce = 256;

    public async Task<JsonObject> OwnAsync(HttpContext http) => Show(await credential.OwnAsync(http.RequestAborted));

    /// <summary>A proof alone opens nothing, and is for the API alone.</summary>
    public async Task<JsonObject> ProofAsync(HttpContext http)
    {
        var asked = await LocalBody.ReadAsync(http.Request, "method", "url", "access_token", "nonce");
        var method = asked.Required("method", MostMethod);
        if (!method.All(char.IsAsciiLetterUpper)) throw new LocalProblemException(LocalProblem.BadRequest("method must be an HTTP method in capital letters."));
        var url = target.Check(asked.Required("url", MostUrl));
        var token = asked.Optional("access_token");
        return new JsonObject { ["dpop"] = SignedClaims.Proof(credential.KeyOf(token), new HttpMethod(method), url, token, asked.Optional("nonce", MostNonce), credential.Clock) };
    }

    public async Task<JsonObject> ExchangeAsync(HttpContext http)
    {
        var asked = await LocalBody.ReadAsync(http.Request, "subject_token", "scope", "authorization_details");
        var narrowing = new Narrowing(asked.Optional("scope"), asked.OptionalArray("authorization_details"));
        var trace = http.Request.Headers.TraceParent is [{ Length: > 0 } parent] ? new TraceContext(parent, http.Request.Headers.TraceState) : null;
        return Show(await credential.ExchangeAsync(asked.Required("subject_token"), narrowing, trace, http.RequestAborted));
    }

    private JsonObject Show(IssuedToken token)
    {
        var shown = new JsonObject
        {
            ["access_token"] = token.Text,
            ["token_type"] = "DPoP",
            ["expires_in"] = (long)Math.Max(0, (token.Life - token.Age(credential.Clock)).TotalSeconds),
            ["key"] = token.Key.Thumbprint,
        };
        if (token.Scope is not null) shown["scope"] = token.Scope;
        if (token.Details is not null) shown["authorization_details"] = JsonNode.Parse(token.Details, documentOptions: new JsonDocumentOptions { MaxDepth = 32 });
        return shown;
    }
}
