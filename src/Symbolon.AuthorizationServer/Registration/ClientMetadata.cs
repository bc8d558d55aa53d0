using System.Collections.Immutable;
using System.Globalization;
using Symbolon.AuthorizationServer.Clients;
using Symbolon.Core.OAuth;
using Symbolon.Jose.Json;
using Symbolon.Jose.Keys;

namespace Symbolon.AuthorizationServer.Registration;

/// <summary>
/// What a client says about itself (RFC 7591 §2), as far as it is used here. All of it is a claim: the name is shown as such, and nothing that it
/// points to is ever fetched or shown but its keys.
/// </summary>
internal sealed record ClientMetadata
{
    public const int MostBytes = 16 * 1024;

    private const int MostNameLength = 100;
    private const int MostRedirects = 16;

    private static readonly JsonLimits Limits = new(depth: 10, members: 500);

    private static readonly string[] Pages = ["client_uri", "logo_uri", "policy_uri", "tos_uri"];

    /// <summary>The member <c>client_id</c>, which only a document has.</summary>
    public string? Id { get; private init; }
    public string? Name { get; private init; }
    public ImmutableArray<string> Redirects { get; private init; } = [];

    /// <summary>How it would prove itself; null where it does not say.</summary>
    public string? Method { get; private init; }

    /// <summary>The member <c>jwks</c>; null where there is none.</summary>
    public ImmutableArray<Jwk>? Keys { get; private init; }
    public string? KeysUri { get; private init; }
    public string? ApplicationType { get; private init; }

    /// <summary>The member <c>dpop_bound_access_tokens</c> (RFC 9449 §5.2).</summary>
    public bool MustProveKey { get; private init; }

    /// <summary>The member <c>require_pushed_authorization_requests</c> (RFC 9126 §6).</summary>
    public bool MustPush { get; private init; }

    /// <returns>The metadata, or what is wrong with it (RFC 7591 §3.2.2).</returns>
    public static (ClientMetadata? Metadata, OAuthError? Error) Read(ReadOnlySpan<byte> json)
    {
        if (json.Length > MostBytes) return (null, Invalid($"The metadata has more than {MostBytes} bytes."));
        if (!StrictJson.Scan(json, Limits).Accepted || JsonValue.Root(json) is not { Kind: JsonKind.Object } root) return (null, Invalid("The metadata is no JSON object, or has a member twice."));
        if (!Text(root, "client_id"u8, ClientId.MostLength, out var id) || !Text(root, "client_name"u8, MostNameLength, out var name)
            || !Text(root, "token_endpoint_auth_method"u8, 64, out var method) || !Text(root, "jwks_uri"u8, 1024, out var keysUri) || !Text(root, "application_type"u8, 16, out var type))
            return (null, Invalid("A member is no text, or too long."));
        if (name is not null && !IsName(name)) return (null, Invalid("client_name has letters that cannot be seen."));
        if (type is not (null or "web" or "native")) return (null, Invalid("application_type must be web or native."));
        if (!Holds(root, "grant_types"u8, "authorization_code"u8) || !Holds(root, "response_types"u8, "code"u8)) return (null, Invalid("grant_types must hold authorization_code, and response_types code."));
        if (!Flag(root, "dpop_bound_access_tokens"u8, out var mustProveKey)) return (null, Invalid("dpop_bound_access_tokens must be true or false."));
        if (!Flag(root, "require_pushed_authorization_requests"u8, out var mustPush)) return (null, Invalid("require_pushed_authorization_requests must be true or false."));
        foreach (var page in Pages)
            if (!Text(root, System.Text.Encoding.ASCII.GetBytes(page), 2048, out var address) || !IsPage(address)) return (null, Invalid($"{page} must be an https address."));
        if (ReadRedirects(root) is not { } redirects) return (null, new OAuthError("invalid_redirect_uri", $"redirect_uris must be 1 to {MostRedirects} of: {RedirectUri.Rule}."));
        if (!TryReadKeys(root, out var keys) || (keys is not null && keysUri is not null)) return (null, Invalid("jwks must be a set of public keys, and cannot be there beside jwks_uri."));
        return (new ClientMetadata { Id = id, Name = name, Redirects = redirects, Method = method, Keys = keys, KeysUri = keysUri, ApplicationType = type, MustProveKey = mustProveKey, MustPush = mustPush }, null);
    }

    public static OAuthError Invalid(string description) => new("invalid_client_metadata", description);

    private static bool Text(JsonValue root, ReadOnlySpan<byte> name, int most, out string? value)
    {
        value = null;
        if (!root.TryGetMember(name, out var member) || member.Value.Kind == JsonKind.Null) return true;
        return member.Value.TryGetString(out value) && value.Length > 0 && value.Length <= most;
    }

    private static bool Flag(JsonValue root, ReadOnlySpan<byte> name, out bool value)
    {
        value = false;
        if (!root.TryGetMember(name, out var member)) return true;
        value = member.Value.Kind == JsonKind.True;
        return value || member.Value.Kind is JsonKind.False or JsonKind.Null;
    }

    /// <summary>A list that is left out is the usual one.</summary>
    private static bool Holds(JsonValue root, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (!root.TryGetMember(name, out var member)) return true;
        foreach (var item in member.Value.Items)
            if (item.TextEquals(value)) return true;
        return false;
    }

    private static ImmutableArray<string>? ReadRedirects(JsonValue root)
    {
        if (!root.TryGetMember("redirect_uris"u8, out var member) || member.Value.Kind != JsonKind.Array) return null;
        var redirects = ImmutableArray.CreateBuilder<string>();
        foreach (var item in member.Value.Items)
        {
            if (redirects.Count == MostRedirects || !item.TryGetString(out var redirect) || !RedirectUri.IsAcceptable(redirect)) return null;
            if (!redirects.Contains(redirect)) redirects.Add(redirect);
        }
        return redirects.Count == 0 ? null : redirects.ToImmutable();
    }

    private static bool TryReadKeys(JsonValue root, out ImmutableArray<Jwk>? keys)
    {
        keys = null;
        if (!root.TryGetMember("jwks"u8, out var member)) return true;
        if (JwkSet.Parse(member.Value.Raw, out var set) != Jose.JoseError.None) return false;
        keys = [.. set!.Keys];
        return true;
    }

    private static bool IsPage(string? address) =>
        address is null || (Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" && address.StartsWith("http", StringComparison.OrdinalIgnoreCase));

    /// <summary>Nothing that turns the direction of writing, joins, or cannot be seen: the name stands in a sentence that a person decides by.</summary>
    private static bool IsName(string name)
    {
        foreach (var rune in name.EnumerateRunes())
            if (System.Text.Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate) return false;
        return name.Trim().Length == name.Length;
    }
}
