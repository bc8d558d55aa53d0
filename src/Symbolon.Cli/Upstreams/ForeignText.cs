using System.Text.Json;
using Symbolon.Core.Tools.Assessment;

namespace Symbolon.Cli.Upstreams;

/// <summary>Texts of a server's answer, which JSON may hold without their being text.</summary>
internal static class ForeignText
{
    /// <returns>Null for what is no string, and for one that is not valid Unicode.</returns>
    public static string? Of(JsonElement value) => JsonTexts.Of(value);

    public static string? Member(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var member) ? Of(member) : null;
}
