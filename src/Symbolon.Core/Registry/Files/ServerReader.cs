using System.Text.Json;
using Symbolon.Core.Identity;

namespace Symbolon.Core.Registry.Files;

/// <summary><c>kind: Server</c> with the credential modes none, static, shared and exchange.</summary>
internal static class ServerReader
{
    public static Document? Read(ObjectFields document, FieldErrors errors)
    {
        var metadata = MetadataReader.ReadOwned(document, errors, isServer: true);
        if (document.Value("spec", required: true, JsonValueKind.Object) is not { } spec
            || ObjectFields.Open(spec, "spec", errors, ["upstream", "credential", "concealTools", "unlistedTools", "audit", "limits", "tokens", "onDrift", "clientFeatures", "tools"],
                "prompts", "resources") is not { } fields) return null;

        var upstream = AddressReader.Read(fields, errors);
        var credential = CredentialReader.Read(fields, upstream, errors);
        var identity = IdentityHeaderReader.Read(spec, upstream, credential, errors);
        if (fields.Text("unlistedTools", 64) is { } unlisted && unlisted != "deny")
            fields.Error("unlistedTools", FieldErrorCode.BadValue, "spec.unlistedTools must be deny.");
        var onDrift = fields.Text("onDrift", 64);
        if (onDrift is not (null or "suspend-tool" or "suspend-server"))
            fields.Error("onDrift", FieldErrorCode.BadValue, "spec.onDrift must be suspend-tool or suspend-server.");
        var limits = LimitsReader.Read(fields, upstream, errors);
        var conceals = fields.Flag("concealTools");
        var features = fields.Texts("clientFeatures", 3, text => ClientFeatureTexts.TryParse(text, out _) ? text : null, ClientFeatureTexts.Rule)
            .Aggregate(ClientFeatures.None, (all, text) => ClientFeatureTexts.TryParse(text, out var feature) ? all | feature : all);
        // Its one channel is shared by callers: there is nobody whom a question of it would belong to.
        if (features != ClientFeatures.None && upstream is not (null or UpstreamAddress.Http))
            fields.Error("clientFeatures", FieldErrorCode.BadValue, "spec.clientFeatures is for servers of transport http alone: requests of other servers are not relayed to clients.");
        var binding = BindingReader.OfServer(fields, errors);
        var content = RecordingReader.ContentOf(fields, errors);
        var tools = ToolReader.ReadAll(fields, content, errors);
        if (metadata is null || upstream is null || errors.Any) return null;
        return new Document.Server(new ServerName(metadata.Name), new ServerManifest
        {
            Owner = metadata.Owner,
            Labels = metadata.Labels,
            Upstream = upstream,
            Credential = credential,
            IdentityHeader = identity,
            Limits = limits,
            OnDrift = onDrift == "suspend-server" ? DriftRule.SuspendServer : DriftRule.SuspendTool,
            Binding = binding,
            ConcealTools = conceals,
            ClientFeatures = features,
            Content = content,
            Tools = tools,
        });
    }
}
