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
        if (features != ClientFeatures.None && WhyNobodyIsAsked(upstream) is { } why) fields.Error("clientFeatures", FieldErrorCode.BadValue, why);
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

    /// <summary>On a channel that callers share nothing says whom a question is for; results of the modern era that ask (<c>input_required</c>) belong to a request.</summary>
    private static string? WhyNobodyIsAsked(UpstreamAddress? upstream) => upstream switch
    {
        UpstreamAddress.Sse => "spec.clientFeatures must be empty for transport sse: callers share its one stream, so that a question on it would be nobody's.",
        UpstreamAddress.Stdio { Isolation: not ProcessIsolation.Session, Era: not UpstreamEra.Modern } =>
            "spec.clientFeatures with transport stdio needs spec.upstream.isolation: session, or era: modern: in the legacy era nothing says whom a process asks that several sessions share.",
        _ => null,
    };
}
