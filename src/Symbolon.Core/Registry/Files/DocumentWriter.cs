using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Symbolon.Core.Registry.Files.Policies;
using Symbolon.Core.Resources;
using Symbolon.Core.Tools;

namespace Symbolon.Core.Registry.Files;

/// <summary>
/// Writes an object as the JSON of its file, the way back of <see cref="DocumentReader"/>: what it writes reads as the same object.
/// Members that have their default are left out.
/// </summary>
public static class DocumentWriter
{
    /// <returns>One JSON object in UTF-8.</returns>
    public static ReadOnlyMemory<byte> Write(Document document)
    {
        var buffer = new ArrayBufferWriter<byte>();
        // The text goes into JSON answers and files, never into HTML.
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteString("apiVersion", Document.ApiVersion);
        json.WriteString("kind", document.Key.Kind.ToString());
        switch (document)
        {
            case Document.Server server: WriteServer(json, server); break;
            case Document.Identity { Object: var identity }: WriteIdentity(json, identity); break;
            case Document.Grant grant: WriteGrant(json, grant.Object); break;
            case Document.Policy policy: PolicyWriter.Write(json, policy.Object); break;
            case Document.Resource resource: WriteResource(json, resource.Object); break;
            case Document.Issuer issuer: WriteIssuer(json, issuer.Object); break;
            default: throw new ArgumentException($"Unknown document {document.GetType()}", nameof(document));
        }
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    internal static void WriteMetadata(Utf8JsonWriter json, string name, string? owner, ImmutableSortedDictionary<string, string>? labels)
    {
        json.WriteStartObject("metadata");
        json.WriteString("name", name);
        if (owner is not null) json.WriteString("owner", owner);
        if (labels is { Count: > 0 })
        {
            json.WriteStartObject("labels");
            foreach (var (key, value) in labels) json.WriteString(key, value);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteIdentity(Utf8JsonWriter json, IdentityObject identity)
    {
        WriteMetadata(json, identity.Key.Name, identity.Owner, identity.Labels);
        if (identity.Keys.IsEmpty && identity.Federation.IsEmpty) return;
        json.WriteStartObject("spec");
        if (!identity.Keys.IsEmpty) WriteKeys(json, identity.Keys);
        WriteFederation(json, identity.Federation);
        json.WriteEndObject();
    }

    private static void WriteFederation(Utf8JsonWriter json, ImmutableArray<FederatedSubject> federation)
    {
        if (federation.IsEmpty) return;
        json.WriteStartArray("federation");
        foreach (var each in federation)
        {
            json.WriteStartObject();
            json.WriteString("issuer", each.Issuer.Value);
            json.WriteString("subject", each.Subject.Text);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteKeys(Utf8JsonWriter json, ImmutableArray<string> keys)
    {
        json.WriteStartArray("keys");
        foreach (var key in keys) json.WriteRawValue(key);
        json.WriteEndArray();
    }

    private static void WriteServer(Utf8JsonWriter json, Document.Server server)
    {
        var manifest = server.Manifest;
        WriteMetadata(json, server.Name.Value, manifest.Owner, manifest.Labels);
        json.WriteStartObject("spec");
        WriteUpstream(json, manifest.Upstream, manifest.IdentityHeader);
        WriteCredential(json, manifest.Credential);
        if (manifest.Limits is { } limits) WriteLimits(json, limits);
        if (manifest.Binding is { } binding) WriteBinding(json, binding);
        if (manifest.OnDrift == DriftRule.SuspendServer) json.WriteString("onDrift", "suspend-server");
        if (manifest.ClientFeatures != ClientFeatures.None) WriteTexts(json, "clientFeatures", manifest.ClientFeatures.ToTexts());
        if (manifest.ConcealTools) json.WriteBoolean("concealTools", true);
        if (manifest.Content == RecordedContent.Arguments)
        {
            json.WriteStartObject("audit");
            json.WriteString("content", "arguments");
            json.WriteEndObject();
        }
        json.WriteStartArray("tools");
        foreach (var tool in manifest.Tools) WriteTool(json, tool);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteUpstream(Utf8JsonWriter json, UpstreamAddress upstream, string? identity)
    {
        json.WriteStartObject("upstream");
        json.WriteString("transport", upstream.Transport);
        if (upstream.Endpoint is { } url) json.WriteString("url", url.OriginalString);
        if (upstream is UpstreamAddress.Stdio process) WriteProcess(json, process);
        if (upstream is not UpstreamAddress.Sse && upstream.Era != UpstreamEra.Auto) json.WriteString("era", upstream.Era == UpstreamEra.Legacy ? "legacy" : "modern");
        if (identity is not null)
        {
            json.WriteStartObject("identity");
            json.WriteString("header", identity);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteLimits(Utf8JsonWriter json, UpstreamLimits limits)
    {
        json.WriteStartObject("limits");
        if (limits.AnswerBytes is { } bytes) json.WriteString("answer", ByteSizes.ToText(bytes));
        WriteText(json, "connect", Time(limits.ConnectSeconds));
        WriteText(json, "silence", Time(limits.SilenceSeconds));
        WriteText(json, "call", Time(limits.CallSeconds));
        json.WriteEndObject();

        static string? Time(int? seconds) => seconds is { } found ? Durations.ToText(found) : null;
    }

    private static void WriteBinding(Utf8JsonWriter json, BindingRule rule)
    {
        json.WriteStartObject("tokens");
        json.WriteString("binding", "dpop");
        if (!rule.Effects.IsEmpty) WriteTexts(json, "effects", rule.Effects.Select(effect => effect.ToText()));
        json.WriteEndObject();
    }

    private static void WriteProcess(Utf8JsonWriter json, UpstreamAddress.Stdio process)
    {
        json.WriteString("command", process.Command);
        if (!process.Args.IsEmpty) WriteTexts(json, "args", process.Args);
        if (!process.Env.IsEmpty)
        {
            json.WriteStartObject("env");
            foreach (var (name, value) in process.Env) json.WriteString(name, value);
            json.WriteEndObject();
        }
        WriteText(json, "cwd", process.Cwd);
        if (process.Isolation != ProcessIsolation.Shared) json.WriteString("isolation", process.Isolation == ProcessIsolation.Caller ? "caller" : "session");
        if (process.Digests.IsEmpty) return;
        json.WriteStartArray("digests");
        foreach (var pinned in process.Digests)
        {
            json.WriteStartObject();
            json.WriteString("path", pinned.Path);
            if (pinned.Target != pinned.Path) json.WriteString("target", pinned.Target);
            json.WriteString("digest", pinned.Digest);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteCredential(Utf8JsonWriter json, UpstreamCredential credential)
    {
        if (credential is UpstreamCredential.None) return;
        json.WriteStartObject("credential");
        switch (credential)
        {
            case UpstreamCredential.Stored secret:
                json.WriteString("mode", secret is UpstreamCredential.Shared ? "shared" : "static");
                WriteText(json, "header", secret.Header);
                WriteText(json, "env", secret.Env);
                WriteText(json, "file", secret.File);
                json.WriteString("secret", secret.Secret);
                WriteDay(json, "expires", secret.Expires);
                break;
            case UpstreamCredential.Exchange exchange:
                json.WriteString("mode", "exchange");
                json.WriteString("audience", exchange.Audience);
                if (exchange.TtlSeconds != UpstreamCredential.Exchange.UsualTtl) json.WriteString("ttl", Durations.ToText(exchange.TtlSeconds));
                WriteText(json, "file", exchange.File);
                if (exchange.RotationSeconds is { } rotation) json.WriteString("rotation", Durations.ToText(rotation));
                WriteFederation(json, exchange.Federation);
                break;
            case UpstreamCredential.Foreign foreign:
                json.WriteString("mode", "exchange");
                json.WriteString("audience", foreign.Audience);
                WriteForeign(json, foreign);
                break;
            default: throw new ArgumentException($"Unknown credential {credential.GetType()}", nameof(credential));
        }
        json.WriteEndObject();
    }

    private static void WriteForeign(Utf8JsonWriter json, UpstreamCredential.Foreign foreign)
    {
        json.WriteStartObject("at");
        json.WriteString("tokenEndpoint", foreign.TokenEndpoint);
        WriteText(json, "issuer", foreign.Issuer);
        json.WriteString("client", foreign.Client);
        if (foreign.Style != ForeignStyle.TokenExchange) json.WriteString("style", foreign.Style.ToText());
        WriteText(json, "scope", foreign.Scope);
        WriteText(json, "secret", foreign.Secret);
        WriteDay(json, "expires", foreign.Expires);
        json.WriteEndObject();
    }

    private static void WriteTool(Utf8JsonWriter json, ManifestTool tool)
    {
        json.WriteStartObject();
        json.WriteString("name", tool.Name.Value);
        WriteText(json, "title", tool.Title);
        WriteText(json, "description", tool.Description);
        WriteJson(json, "inputSchema", tool.InputSchema);
        WriteJson(json, "outputSchema", tool.OutputSchema);
        WriteJson(json, "annotations", tool.Annotations);
        if (tool.Digests.Legacy is not null || tool.Digests.Modern is not null)
        {
            json.WriteStartObject("digests");
            WriteText(json, "legacy", tool.Digests.Legacy);
            WriteText(json, "modern", tool.Digests.Modern);
            json.WriteEndObject();
        }
        json.WriteString("effect", tool.Effect.ToText());
        if (tool.Flags != ToolFlags.None) WriteTexts(json, "flags", tool.Flags.ToTexts());
        if (!tool.Needs.IsEmpty)
        {
            json.WriteStartArray("needs");
            foreach (var need in tool.Needs)
            {
                json.WriteStartObject();
                WriteTexts(json, "actions", need.Actions);
                json.WriteString("resource", need.Resource.Text);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        WriteJson(json, "arguments", tool.Arguments?.Json);
        if (!tool.RecordedArguments.IsEmpty)
        {
            json.WriteStartObject("audit");
            WriteTexts(json, "arguments", tool.RecordedArguments);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteGrant(Utf8JsonWriter json, GrantObject grant)
    {
        WriteMetadata(json, grant.Name.Value, owner: null, labels: null);
        json.WriteStartObject("spec");
        json.WriteStartObject("to");
        if (!grant.To.Users.IsEmpty) WriteTexts(json, "users", grant.To.Users);
        if (!grant.To.Agents.IsEmpty) WriteTexts(json, "agents", grant.To.Agents.Select(agent => agent.Value));
        if (!grant.To.Workflows.IsEmpty) WriteTexts(json, "workflows", grant.To.Workflows.Select(workflow => workflow.Value));
        json.WriteEndObject();
        json.WriteStartArray("servers");
        foreach (var access in grant.Servers)
        {
            json.WriteStartObject();
            json.WriteString("name", access.Server.Value);
            if (!access.Tools.IsEmpty) WriteTexts(json, "tools", access.Tools.Select(tool => tool.Value));
            if (!access.Effects.IsEmpty) WriteTexts(json, "effects", access.Effects.Select(effect => effect.ToText()));
            if (!access.Prompts.IsEmpty) WriteTexts(json, "prompts", access.Prompts);
            if (!access.Resources.IsEmpty) WriteTexts(json, "resources", access.Resources.Select(pattern => pattern.Text));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        WriteDay(json, "expires", grant.Expires);
        if (grant is not { MaxTtlSeconds: null, Binding: TokenBinding.Any })
        {
            json.WriteStartObject("tokens");
            if (grant.MaxTtlSeconds is { } seconds) json.WriteString("maxTtl", Durations.ToText(seconds));
            if (grant.Binding == TokenBinding.Dpop) json.WriteString("binding", "dpop");
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteResource(Utf8JsonWriter json, ResourceObject resource)
    {
        WriteMetadata(json, resource.Name.Value, owner: null, labels: null);
        json.WriteStartObject("spec");
        json.WriteString("pattern", resource.Pattern.Text);
        if (!resource.Reaches.IsEmpty) WriteTexts(json, "reaches", resource.Reaches.Select(pattern => pattern.Text));
        if (!resource.Triggers.IsEmpty) WriteTexts(json, "triggers", resource.Triggers.Select(pattern => pattern.Text));
        json.WriteString("sensitivity", resource.Sensitivity.ToText());
        json.WriteEndObject();
    }

    private static void WriteIssuer(Utf8JsonWriter json, IssuerObject issuer)
    {
        WriteMetadata(json, issuer.Name.Value, owner: null, labels: null);
        json.WriteStartObject("spec");
        WriteText(json, "issuer", issuer.Issuer);
        WriteText(json, "trustDomain", issuer.TrustDomain);
        json.WriteString("audience", issuer.Audience);
        WriteTexts(json, "subjects", issuer.Subjects.Select(pattern => pattern.Text));
        if (issuer.MaxTtlSeconds != IssuerObject.UsualTtl) json.WriteString("maxTtl", Durations.ToText(issuer.MaxTtlSeconds));
        WriteText(json, "jwksUri", issuer.KeysUri);
        if (!issuer.Keys.IsEmpty)
        {
            json.WriteStartObject("jwks");
            WriteKeys(json, issuer.Keys);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    internal static void WriteText(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null) json.WriteString(name, text);
    }

    internal static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static void WriteDay(Utf8JsonWriter json, string name, DateOnly? day)
    {
        if (day is { } found) json.WriteString(name, found.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    /// <summary>Kept as written, so that numbers keep their own text.</summary>
    private static void WriteJson(Utf8JsonWriter json, string name, JsonElement? value)
    {
        if (value is not { } found) return;
        json.WritePropertyName(name);
        json.WriteRawValue(found.GetRawText());
    }
}
