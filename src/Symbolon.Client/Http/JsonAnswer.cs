using Symbolon.Jose.Json;

namespace Symbolon.Client.Http;

/// <summary>Reads answers that are one JSON object, strictly: a member that stands twice makes it none.</summary>
internal static class JsonAnswer
{
    private const int MostText = 16 * 1024;

    private static readonly JsonLimits Limits = new(depth: 16, members: 1000);

    /// <returns>False for what is no object of strict JSON.</returns>
    public static bool TryRead(ReadOnlySpan<byte> body, out JsonValue root)
    {
        root = default;
        if (body.IsEmpty || !StrictJson.Scan(body, Limits).Accepted) return false;
        root = JsonValue.Root(body);
        return root.Kind == JsonKind.Object;
    }

    /// <returns>Null when the member is missing or no text.</returns>
    public static string? Text(JsonValue root, ReadOnlySpan<byte> name) =>
        root.TryGetMember(name, out var member) && member.Value.Length <= MostText && member.Value.TryGetString(out var text) && text.Length > 0 ? text : null;

    /// <returns>Null when the member is missing or no whole number.</returns>
    public static long? Number(JsonValue root, ReadOnlySpan<byte> name) =>
        root.TryGetMember(name, out var member) && member.Value.TryGetInt64(out var number) ? number : null;
}
