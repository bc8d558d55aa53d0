using System.Buffers;
using System.Security.Cryptography;
using Symbolon.Core.Identity;
using Symbolon.Jose.Json;

namespace Symbolon.Core.Tools;

/// <summary>
/// The fingerprint of one tool's definition as its server lists it: SHA-256 over name, title, description, schemas, annotations and
/// the needs that the server publishes in <c>_meta["symbolon/needs"]</c> or, of Kubernetes, in <c>_meta["io.kubernetes-mcp-server/rbac"]</c>, as one object in RFC 8785's order with strings and numbers
/// as their own text. Other members (icons, execution hints) do not count. DESIGN.md section 4, Drift.
/// </summary>
public sealed record ToolDigest
{
    private const int MostMembers = 1_000_000;

    /// <summary>In the order in which RFC 8785 puts them.</summary>
    private static readonly string[] Members = ["annotations", "description", "inputSchema", "name", "outputSchema", "title"];

    private ToolDigest(ToolName name, string text)
    {
        Name = name;
        Text = text;
    }

    public ToolName Name { get; }

    /// <summary><c>sha256:</c> and 64 lower-case hex digits.</summary>
    public string Text { get; }

    /// <param name="tool">The tool's JSON object as listed.</param>
    /// <returns>Null for what is no tool: not accepted by the strict scan, or without a <see cref="ToolName"/>.</returns>
    public static ToolDigest? Of(ReadOnlySpan<byte> tool)
    {
        if (!StrictJson.Scan(tool, new JsonLimits(JsonLimits.GreatestDepth, MostMembers)).Accepted) return null;
        var definition = JsonValue.Root(tool);
        if (!definition.TryGetMember("name"u8, out var member) || !member.Value.TryGetString(out var name) || !ToolName.IsValid(name)) return null;

        var reviewed = new ArrayBufferWriter<byte>(tool.Length + 64);
        reviewed.Write("{"u8);
        foreach (var part in Members)
            if (definition.TryGetMember(System.Text.Encoding.ASCII.GetBytes(part), out var found)) Add(reviewed, part, found.Value);
        if (definition.TryGetMember("_meta"u8, out var meta))
        {
            if (meta.Value.TryGetMember("symbolon/needs"u8, out var needs)) Add(reviewed, "needs", needs.Value);
            if (meta.Value.TryGetMember("io.kubernetes-mcp-server/rbac"u8, out var rbac)) Add(reviewed, "rbac", rbac.Value);
        }
        reviewed.Write("}"u8);

        var canonical = new ArrayBufferWriter<byte>(reviewed.WrittenCount);
        CanonicalJson.TryWrite(reviewed.WrittenSpan, NumberForm.AsWritten, canonical);
        return new ToolDigest(new ToolName(name), "sha256:" + Convert.ToHexStringLower(SHA256.HashData(canonical.WrittenSpan)));
    }

    private static void Add(ArrayBufferWriter<byte> to, string name, JsonValue value)
    {
        if (to.WrittenCount > 1) to.Write(","u8);
        to.Write(System.Text.Encoding.ASCII.GetBytes($"\"{name}\":"));
        to.Write(value.Raw);
    }
}
