using System.Text.Json;

namespace Symbolon.Core.Registry.Files;

/// <summary><c>spec.upstream.identity</c>: in which request header a server is told who asks.</summary>
internal static class IdentityHeaderReader
{
    private const string Path = "spec.upstream.identity";

    /// <summary>What would be taken for something else: a credential, or the proof of one.</summary>
    private static readonly string[] OfCredentials = ["Authorization", "DPoP", "WWW-Authenticate"];

    public static string? Read(JsonElement spec, UpstreamAddress? upstream, UpstreamCredential credential, FieldErrors errors)
    {
        if (!spec.TryGetProperty("upstream", out var address) || address.ValueKind != JsonValueKind.Object || !address.TryGetProperty("identity", out var found)) return null;
        if (ObjectFields.Open(found, Path, errors, ["header"]) is not { } fields) return null;
        if (upstream is UpstreamAddress.Stdio) errors.Add(Path, FieldErrorCode.BadValue, $"{Path} does not belong to transport stdio: a process has no headers.");
        if (credential is UpstreamCredential.Exchange)
            errors.Add(Path, FieldErrorCode.BadValue, $"{Path} does not go with credential.mode exchange: the token of each call says already who calls.");
        if (fields.Text("header", 1024, required: true) is not { } header) return null;
        if (!SecretHeader.IsAllowed(header) || OfCredentials.Contains(header, StringComparer.OrdinalIgnoreCase))
            fields.Error("header", FieldErrorCode.BadValue, $"{Path}.header must be {SecretHeader.Rule}, and none that carries a credential.");
        else if (credential is UpstreamCredential.Stored { Header: { } secret } && header.Equals(secret, StringComparison.OrdinalIgnoreCase))
            fields.Error("header", FieldErrorCode.Duplicate, $"{Path}.header and spec.credential.header are both {TextRules.Shown(header)}.");
        return header;
    }
}
