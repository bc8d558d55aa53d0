using Symbolon.Core.Outbound;
using Symbolon.Core.Registry.Files;
using Symbolon.Jose.Json;

namespace Symbolon.AuthorizationServer.Federation;

/// <summary>Where a foreign issuer says that its keys are (OpenID Connect Discovery 1.0 §4; RFC 8414 §3.3).</summary>
internal static class IssuerMetadata
{
    private const int MostBytes = 64 * 1024;
    private const string Path = "/.well-known/openid-configuration";

    /// <returns>Null where it cannot be had, is of another issuer, or names no address that we ask.</returns>
    public static async Task<Uri?> KeysAddressAsync(IFetch fetch, string issuer)
    {
        // Discovery §4: a slash at the end goes before the path is appended.
        var address = new Uri(issuer.TrimEnd('/') + Path);
        return await fetch.GetJsonAsync(address, MostBytes, CancellationToken.None) is FetchAnswer.Found found ? Read(found.Body.Span, issuer) : null;
    }

    private static Uri? Read(ReadOnlySpan<byte> utf8, string issuer)
    {
        if (!StrictJson.Scan(utf8, new JsonLimits(depth: 8, members: 1000)).Accepted) return null;
        var root = JsonValue.Root(utf8);
        if (root.Kind != JsonKind.Object || !root.TryGetMember("issuer"u8, out var said) || !said.Value.TryGetString(out var named) || named != issuer) return null;
        if (!root.TryGetMember("jwks_uri"u8, out var member) || !member.Value.TryGetString(out var text) || !IssuerUrl.IsKeysAddress(text)) return null;
        var keys = new Uri(text);
        // What was found over TLS does not lead to what comes without.
        return keys.Scheme == Uri.UriSchemeHttps || issuer.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? keys : null;
    }
}
