using System.Text.Json;
using Symbolon.Core.Identity;

namespace Symbolon.Core.Registry.Files;

/// <summary><c>kind: Server</c> with an http upstream and the credential modes none and static.</summary>
internal static class ServerReader
{
    public static Document? Read(ObjectFields document, FieldErrors errors)
    {
        var metadata = MetadataReader.ReadOwned(document, errors, isServer: true);
        if (document.Value("spec", required: true, JsonValueKind.Object) is not { } spec
            || ObjectFields.Open(spec, "spec", errors, ["upstream", "credential", "concealTools", "unlistedTools", "audit", "tools"],
                "clientFeatures", "onDrift", "limits", "prompts", "resources") is not { } fields) return null;

        var upstream = UpstreamOf(fields, errors);
        var credential = CredentialReader.Read(fields, errors);
        if (fields.Text("unlistedTools", 64) is { } unlisted && unlisted != "deny")
            fields.Error("unlistedTools", FieldErrorCode.BadValue, "spec.unlistedTools must be deny.");
        var conceals = fields.Flag("concealTools");
        var content = RecordingReader.ContentOf(fields, errors);
        var tools = ToolReader.ReadAll(fields, content, errors);
        if (metadata is null || upstream is null || errors.Any) return null;
        return new Document.Server(new ServerName(metadata.Name), new ServerManifest
        {
            Owner = metadata.Owner,
            Labels = metadata.Labels,
            Upstream = upstream,
            Credential = credential,
            ConcealTools = conceals,
            Content = content,
            Tools = tools,
        });
    }

    private static UpstreamAddress? UpstreamOf(ObjectFields spec, FieldErrors errors)
    {
        if (spec.Value("upstream", required: true, JsonValueKind.Object) is not { } found
            || ObjectFields.Open(found, "spec.upstream", errors, ["transport", "url", "era"], "command", "args", "env", "cwd") is not { } fields) return null;
        switch (fields.Text("transport", 64, required: true))
        {
            case null or "http": break;
            case "stdio": fields.Error("transport", FieldErrorCode.NotSupportedYet, "spec.upstream.transport stdio is not supported yet; use http."); return null;
            default: fields.Error("transport", FieldErrorCode.BadValue, "spec.upstream.transport must be http."); return null;
        }
        var era = EraOf(fields);
        if (fields.Text("url", DocumentLimits.Url, required: true) is not { } text) return null;
        if (UpstreamUrl.TryParse(text, out var url)) return new UpstreamAddress { Url = url, Era = era };
        fields.Error("url", FieldErrorCode.BadValue, $"spec.upstream.url must be {UpstreamUrl.Rule}.");
        return null;
    }

    private static UpstreamEra EraOf(ObjectFields fields)
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
