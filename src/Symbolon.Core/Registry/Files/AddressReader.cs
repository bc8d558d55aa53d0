using System.Text.Json;

namespace Symbolon.Core.Registry.Files;

/// <summary><c>spec.upstream</c>: http, sse or stdio.</summary>
internal static class AddressReader
{
    private const string Path = "spec.upstream";

    public static UpstreamAddress? Read(ObjectFields spec, FieldErrors errors)
    {
        if (spec.Value("upstream", required: true, JsonValueKind.Object) is not { } found) return null;
        // What the other members may be depends on this one, so it is read before they are.
        var transport = found.TryGetProperty("transport", out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        switch (transport)
        {
            case "stdio":
                return ObjectFields.Open(found, Path, errors, ["transport", "command", "args", "env", "cwd", "isolation", "digests", "era", "identity"]) is { } stdio
                    ? StdioReader.Read(stdio, errors) : null;
            case "sse":
                return ObjectFields.Open(found, Path, errors, ["transport", "url", "identity"]) is { } sse && UrlOf(sse) is { } old
                    ? new UpstreamAddress.Sse { Url = old } : null;
            default:
                if (ObjectFields.Open(found, Path, errors, ["transport", "url", "era", "identity"]) is not { } http) return null;
                if (http.Text("transport", 64, required: true) is not (null or "http"))
                {
                    http.Error("transport", FieldErrorCode.BadValue, "spec.upstream.transport must be http, sse or stdio.");
                    return null;
                }
                var era = EraOf(http);
                return UrlOf(http) is { } url ? new UpstreamAddress.Http { Url = url, Era = era } : null;
        }
    }

    private static Uri? UrlOf(ObjectFields fields)
    {
        if (fields.Text("url", DocumentLimits.Url, required: true) is not { } text) return null;
        if (UpstreamUrl.TryParse(text, out var url)) return url;
        fields.Error("url", FieldErrorCode.BadValue, $"spec.upstream.url must be {UpstreamUrl.Rule}.");
        return null;
    }

    public static UpstreamEra EraOf(ObjectFields fields)
    {
        switch (fields.Text("era", 64))
        {
            case null or "auto": return UpstreamEra.Auto;
            case "legacy": return UpstreamEra.Legacy;
            case "modern": return UpstreamEra.Modern;
            default:
                fields.Error("era", FieldErrorCode.BadValue, "spec.upstream.era must be auto, legacy or modern.");
                return UpstreamEra.Auto;
        }
    }
}
