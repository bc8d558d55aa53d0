using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Symbolon.Core.Tools;
using Symbolon.Jose.Json;

namespace Symbolon.Gateway.Mcp;

/// <summary>
/// Compares the headers of a request with its body, which alone counts for decisions. PROTOCOL.md section 1.1, steps 5 to 9 in order.
/// </summary>
internal static class McpHeaders
{
    public const string Version = "MCP-Protocol-Version";
    public const string Session = "Mcp-Session-Id";
    public const string Method = "Mcp-Method";
    public const string Name = "Mcp-Name";
    public const string LastEvent = "Last-Event-ID";

    /// <param name="revision">What the request speaks: for legacy requests without the header null (the session knows, or 2025-03-26).</param>
    public static Refusal? Compare(McpMessage message, IHeaderDictionary headers, IReadOnlyList<string> supported, out ProtocolRevision? revision)
    {
        revision = null;
        var version = headers[Version];
        if (version.Count > 1) return Refusal.Mismatch("MCP-Protocol-Version is there twice.");
        var isModern = message.MetaVersion.IsPresent;
        // `initialize` without the modern member opens a legacy session, whatever the header says.
        if (message.Method == McpMethod.Initialize && !isModern) return null;
        if (version.Count == 0 || version[0] is not { } text)
            return isModern ? Refusal.Mismatch("MCP-Protocol-Version is missing.") : null;
        if (!ProtocolRevision.TryParse(text.AsSpan().Trim(" \t"), out revision)) return Unsupported(text, supported);
        if (isModern && !Says(message, message.MetaVersion, revision.Text))
            return Refusal.Mismatch("MCP-Protocol-Version differs from params._meta[\"io.modelcontextprotocol/protocolVersion\"].");
        if (isModern && revision.Era == Era.Legacy) return Refusal.Mismatch("params._meta[\"io.modelcontextprotocol/protocolVersion\"] is for versions from 2026-07-28 on.");
        return revision.Era == Era.Modern ? CompareModern(message, headers, isModern) : null;
    }

    private static Refusal? CompareModern(McpMessage message, IHeaderDictionary headers, bool hasVersion)
    {
        if (message.Method == McpMethod.Response) return Refusal.Malformed("Clients of this version send requests and notifications only.");
        if (!TryReadOne(headers, Method, out var method) || !Says(message, MethodOf(message), method))
            return Refusal.Mismatch("Mcp-Method is missing or differs from 'method'.");
        var (named, member) = NamedBy(message);
        if (member is not null && (!TryReadOne(headers, Name, out var name) || !HeaderText.TryDecode(name, out name) || !Says(message, named, name)))
            return Refusal.Mismatch($"Mcp-Name is missing or differs from 'params.{member}'.");
        if (message.Method.IsNotification()) return null;
        if (!hasVersion) return Refusal.InvalidParams("params._meta[\"io.modelcontextprotocol/protocolVersion\"] is missing.");
        if (!message.MetaCapabilities.IsPresent || message.At(message.MetaCapabilities)[0] != '{')
            return Refusal.InvalidParams("params._meta[\"io.modelcontextprotocol/clientCapabilities\"] is missing, or no object.");
        return null;
    }

    public static Refusal Unsupported(string requested, IReadOnlyList<string> supported) =>
        new(Core.Policy.ReasonCode.UnsupportedVersion, "This protocol version is not spoken here.")
        {
            Requested = requested.Length <= 64 ? requested : requested[..64],
            Supported = supported,
        };

    /// <summary>The member that <c>Mcp-Name</c> mirrors; null for methods without one.</summary>
    public static (Slice Place, string? Member) NamedBy(McpMessage message) => message.Method switch
    {
        McpMethod.ToolsCall or McpMethod.PromptsGet => (message.Name, "name"),
        McpMethod.ResourcesRead => (message.Uri, "uri"),
        McpMethod.TaskGet or McpMethod.TaskUpdate or McpMethod.TaskCancel => (message.TaskId, "taskId"),
        _ => (default, null),
    };

    private static Slice MethodOf(McpMessage message)
    {
        message.Outline.TryGetRoot(message.Text, out var root);
        return root.TryGet("method"u8, out var value) ? Slice.Of(value) : default;
    }

    private static bool TryReadOne(IHeaderDictionary headers, string name, out string value)
    {
        StringValues found = headers[name];
        value = found.Count == 1 ? found[0]!.Trim(' ', '\t') : "";
        return found.Count == 1;
    }

    private static bool Says(McpMessage message, Slice place, string text)
    {
        if (!place.IsPresent) return false;
        Span<byte> utf8 = stackalloc byte[512];
        return Encoding.UTF8.TryGetBytes(text, utf8, out var length)
            ? JsonValue.Root(message.At(place)).TextEquals(utf8[..length])
            : JsonValue.Root(message.At(place)).TextEquals(Encoding.UTF8.GetBytes(text));
    }
}
