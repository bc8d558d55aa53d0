using System.Text.Json.Nodes;
using Symbolon.Client.Callers;
using Symbolon.Client.Verification;

namespace Symbolon.Cli.Sidecar;

/// <summary><c>/verify</c>: whether a request that came to the server is a call of the gateway, and whose. Nothing is asked of the network but signing keys.</summary>
/// <param name="url">The server's endpoint as in <c>spec.upstream.url</c>.</param>
internal sealed class VerifyEndpoint(AccessTokenVerifier verifier, string url)
{
    private const int MostMethod = 16;
    private const int MostUrl = 4096;
    private const int MostHeader = 16 * 1024;

    // What the server builds of the header Host is no address that anything was proved for.
    private readonly string origin = new Uri(url).GetLeftPart(UriPartial.Authority);

    public async Task<JsonObject> HandleAsync(HttpContext http)
    {
        var asked = await LocalBody.ReadAsync(http.Request, "authorization", "dpop", "method", "url");
        var verdict = await verifier.VerifyAsync(new IncomingRequest
        {
            Method = asked.Required("method", MostMethod),
            Url = Address(asked.Required("url", MostUrl)),
            Authorization = asked.Optional("authorization", MostHeader) is { } authorization ? [authorization] : [],
            Proofs = asked.Optional("dpop", MostHeader) is { } proof ? [proof] : [],
        }, http.RequestAborted);
        return verdict switch
        {
            CallerVerdict.Accepted accepted => Show(accepted),
            CallerVerdict.Refused refused => Show(refused),
            _ => throw new InvalidOperationException("No such verdict."),
        };
    }

    /// <summary>A path, as it was received, is at the server's own origin.</summary>
    private string Address(string asked)
    {
        var end = asked.IndexOf('?', StringComparison.Ordinal);
        var address = end < 0 ? asked : asked[..end];
        return address.StartsWith('/') ? origin + address : address;
    }

    private static JsonObject Show(CallerVerdict.Accepted accepted)
    {
        var caller = accepted.Caller;
        var shown = new JsonObject { ["active"] = true, ["sub"] = caller.Subject, ["client_id"] = caller.ClientId, ["jti"] = caller.TokenId };
        if (ChainOf(caller) is { } act) shown["act"] = act;
        Add(shown, "person", caller.Person);
        Add(shown, "agent", caller.Agent);
        Add(shown, "workflow", caller.Workflow);
        Add(shown, "tool", caller.Tool);
        Add(shown, "scope", caller.Scopes.IsEmpty ? null : string.Join(' ', caller.Scopes));
        Add(shown, "dpop_nonce", accepted.NextNonce);
        return shown;
    }

    /// <summary>With what the server answers: the status, and the headers <c>WWW-Authenticate</c>, <c>DPoP-Nonce</c> and <c>Retry-After</c>.</summary>
    private static JsonObject Show(CallerVerdict.Refused refused)
    {
        var shown = new JsonObject { ["active"] = false, ["reason"] = refused.Description, ["status"] = refused.Status };
        Add(shown, "error", refused.Error);
        Add(shown, "challenge", refused.Challenge);
        Add(shown, "dpop_nonce", refused.Nonce);
        if (refused.RetryAfter is { } seconds) shown["retry_after"] = seconds;
        return shown;
    }

    /// <summary>Nested as in the token (RFC 8693 §4.1).</summary>
    private static JsonObject? ChainOf(SymbolonCaller caller)
    {
        JsonObject? chain = null;
        foreach (var actor in caller.Actors.Reverse())
            chain = chain is null ? new JsonObject { ["sub"] = actor } : new JsonObject { ["sub"] = actor, ["act"] = chain };
        return chain;
    }

    private static void Add(JsonObject shown, string name, string? value)
    {
        if (value is not null) shown[name] = value;
    }
}
