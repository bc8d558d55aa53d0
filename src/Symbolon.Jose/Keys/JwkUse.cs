using Symbolon.Jose.Json;

namespace Symbolon.Jose.Keys;

/// <summary>Whether a key's owner lets it verify signatures.</summary>
/// <remarks>RFC 7517 §4.2 and §4.3: values of <c>key_ops</c> are not repeated, and agree with <c>use</c>.</remarks>
internal static class JwkUse
{
    private const int MostOperations = 8;

    public static JoseError Check(JsonValue key)
    {
        if (key.TryGetMember("use"u8, out var use) && !use.Value.TextEquals("sig"u8)) return JoseError.KeyUseNotAllowed;
        if (!key.TryGetMember("key_ops"u8, out var operations)) return JoseError.None;
        if (operations.Value.Kind != JsonKind.Array) return JoseError.InvalidKey;
        var count = 0;
        var verifies = false;
        foreach (var operation in operations.Value.Items)
        {
            // A public key verifies, encrypts or wraps; any operation beside verify is a second use of one key (RFC 8725 §3.1).
            if (operation.Kind != JsonKind.String || ++count > MostOperations) return JoseError.InvalidKey;
            if (!operation.TextEquals("verify"u8)) return JoseError.KeyUseNotAllowed;
            if (verifies) return JoseError.InvalidKey;
            verifies = true;
        }
        return verifies ? JoseError.None : JoseError.KeyUseNotAllowed;
    }
}
