using System.Text.Json;
using Symbolon.Core.Identity;

namespace Symbolon.Core.Registry.Files;

/// <summary><c>spec.credential.at</c>: the token endpoint of another authorization server, and who the gateway is there.</summary>
internal static class ForeignReader
{
    public const string Path = "spec.credential.at";
    private const int MostClient = 256;
    private const int MostScope = 1024;

    /// <summary>What is about keys of the server's own, or about a token of ours.</summary>
    private static readonly string[] OfOwnTokens = ["ttl", "rotation", "federation", "file"];

    /// <param name="credential">Says that there is one.</param>
    public static UpstreamCredential.Foreign? Read(ObjectFields credential, string? audience, UpstreamAddress? upstream, FieldErrors errors)
    {
        foreach (var name in OfOwnTokens)
            if (credential.Has(name)) credential.Error(name, FieldErrorCode.BadValue, $"spec.credential.{name} does not go with {Path}: the server has no keys and no token of ours, it gets those of another authorization server.");
        CheckTransport(credential, upstream);
        if (credential.Value("at", required: true, JsonValueKind.Object) is not { } found
            || ObjectFields.Open(found, Path, errors, ["tokenEndpoint", "issuer", "client", "style", "scope", "secret", "expires"]) is not { } fields) return null;
        var endpoint = fields.Text("tokenEndpoint", TokenEndpointUrl.MostLength, required: true);
        if (endpoint is not null && !TokenEndpointUrl.IsAcceptable(endpoint, out var why)) fields.Error("tokenEndpoint", FieldErrorCode.BadValue, $"{Path}.tokenEndpoint {why}.");
        var issuer = fields.Text("issuer", IssuerUrl.MostLength);
        if (issuer is not null && !IssuerUrl.IsAcceptable(issuer)) fields.Error("issuer", FieldErrorCode.BadValue, $"{Path}.issuer must be {IssuerUrl.Rule}.");
        var client = fields.Text("client", MostClient, required: true);
        if (client is not null && !client.AsSpan().ContainsOnlyPrintable()) fields.Error("client", FieldErrorCode.BadValue, $"{Path}.client must be 1 to {MostClient} printable ASCII characters.");
        var style = StyleOf(fields);
        var scope = ScopeOf(fields);
        // Nothing else says there what the token is for.
        if (style == ForeignStyle.OnBehalfOf && !fields.Has("scope")) fields.Error("scope", FieldErrorCode.Missing, $"{Path}.scope is needed with style {ForeignStyles.OnBehalfOf}: by it alone the other side knows for which API the token is.");
        var (secret, expires) = SecretOf(fields);
        return audience is null || endpoint is null || client is null ? null : new UpstreamCredential.Foreign
        {
            Audience = audience, TokenEndpoint = endpoint, Issuer = issuer, Client = client, Style = style, Scope = scope, Secret = secret, Expires = expires,
        };
    }

    private static void CheckTransport(ObjectFields credential, UpstreamAddress? upstream)
    {
        if (upstream is UpstreamAddress.Stdio) credential.Error("at", FieldErrorCode.BadValue, $"{Path} does not belong to transport stdio: a process is shown no token of its callers.");
        if (upstream is UpstreamAddress.Sse) credential.Error("at", FieldErrorCode.NotSupportedYet, $"{Path} is not supported with transport sse yet; it needs transport http.");
    }

    private static ForeignStyle StyleOf(ObjectFields fields)
    {
        switch (fields.Text("style", 64))
        {
            case null or ForeignStyles.TokenExchange: return ForeignStyle.TokenExchange;
            case ForeignStyles.OnBehalfOf: return ForeignStyle.OnBehalfOf;
            default:
                fields.Error("style", FieldErrorCode.BadValue, $"{Path}.style must be {ForeignStyles.TokenExchange} or {ForeignStyles.OnBehalfOf}.");
                return ForeignStyle.TokenExchange;
        }
    }

    /// <summary>RFC 6749 §3.3: printable ASCII without quotation marks and backslashes, one space between.</summary>
    private static string? ScopeOf(ObjectFields fields)
    {
        if (fields.Text("scope", MostScope) is not { } scope) return null;
        if (!Array.TrueForAll(scope.Split(' '), token => token.Length > 0 && token.AsSpan().ContainsOnlyPrintable() && !token.AsSpan().ContainsAny('"', '\\')))
            fields.Error("scope", FieldErrorCode.BadValue, $"{Path}.scope must be scopes with one space between them: printable ASCII without quotation marks and backslashes.");
        return scope;
    }

    private static (string? Secret, DateOnly? Expires) SecretOf(ObjectFields fields)
    {
        var secret = fields.Text("secret", 1024);
        if (secret is not null && !ObjectName.IsValid(secret)) fields.Error("secret", FieldErrorCode.BadName, $"{Path}.secret is the name of a stored secret: {ObjectName.Rule}.");
        // Like any secret that nobody rotates for us: DESIGN.md, Reviews, wants a day on which it ends.
        if (fields.Has("secret")) return (secret, CredentialReader.DayOf(fields, "expires", required: true));
        if (fields.Has("expires")) fields.Error("expires", FieldErrorCode.BadValue, $"{Path}.expires goes with {Path}.secret alone: without a secret there is nothing that ends on a day.");
        return (null, null);
    }

    private static bool ContainsOnlyPrintable(this ReadOnlySpan<char> text) => text.Length > 0 && text.IndexOfAnyExceptInRange(' ', '~') < 0;
}
