using Symbolon.Core.Registry;
using Symbolon.Jose.Json;

namespace Symbolon.Gateway.Mcp;

/// <summary>
/// What a client says that it can do, cut to what a server may ask of it (<c>clientFeatures</c> of its file): what is not told to the server it does not
/// ask for, and what it asks for all the same goes to nobody.
/// </summary>
internal static class ClientCapabilities
{
    /// <summary>Long tasks, an extension of 2026-07-28: asked for by the client, and nothing is asked of it.</summary>
    public const string Tasks = "io.modelcontextprotocol/tasks";

    public static ClientFeatures Of(ReadOnlySpan<byte> capabilities)
    {
        var found = ClientFeatures.None;
        foreach (var member in JsonValue.Root(capabilities).Members)
            if (member.Value.Kind == JsonKind.Object) found |= FeatureOf(member);
        return found;
    }

    /// <summary>Whether the client declared that it takes tasks.</summary>
    public static bool HasTasks(ReadOnlySpan<byte> capabilities) =>
        JsonValue.Root(capabilities).TryGetMember("extensions"u8, out var extensions) && extensions.Value.Kind == JsonKind.Object
        && extensions.Value.TryGetMember("io.modelcontextprotocol/tasks"u8, out _);

    /// <summary>As the client wrote it, member by member.</summary>
    public static void WriteCut(ReadOnlySpan<byte> capabilities, ClientFeatures allowed, ByteBuffer to)
    {
        to.Write("{"u8);
        var first = true;
        foreach (var member in JsonValue.Root(capabilities).Members)
        {
            if (member.Value.Kind != JsonKind.Object) continue;
            if (member.NameEquals("extensions"u8))
            {
                if (!HasTasks(capabilities)) continue;
                to.Write(first ? ""u8 : ","u8);
                to.Write("\"extensions\":{\"io.modelcontextprotocol/tasks\":{}}"u8);
            }
            else
            {
                if ((FeatureOf(member) & allowed) == 0) continue;
                to.Write(first ? "\""u8 : ",\""u8);
                to.Write(member.RawName);
                to.Write("\":"u8);
                to.Write(member.Value.Raw);
            }
            first = false;
        }
        to.Write("}"u8);
    }

    /// <summary>What a method of a server asks of a client; null for one that no client takes.</summary>
    public static ClientFeatures? AskedBy(JsonValue method) =>
        method.TextEquals("sampling/createMessage"u8) ? ClientFeatures.Sampling
        : method.TextEquals("elicitation/create"u8) ? ClientFeatures.Elicitation
        : method.TextEquals("roots/list"u8) ? ClientFeatures.Roots
        : null;

    private static ClientFeatures FeatureOf(JsonMember member) =>
        member.NameEquals("sampling"u8) ? ClientFeatures.Sampling
        : member.NameEquals("elicitation"u8) ? ClientFeatures.Elicitation
        : member.NameEquals("roots"u8) ? ClientFeatures.Roots
        : ClientFeatures.None;
}
