using Symbolon.Jose.Json;

namespace Symbolon.Gateway.Mcp;

/// <summary>
/// Reads a member of what an upstream says where readers must not differ: one that is there twice, or in another spelling that readers without regard to case take for it,
/// is not there at all. DESIGN.md section 4, Bytes.
/// </summary>
internal static class OnlyMember
{
    public static bool TryGetOnly(this JsonValue value, ReadOnlySpan<byte> name, out JsonValue found)
    {
        found = default;
        var count = 0;
        foreach (var member in value.Members)
        {
            if (!member.NameFoldsTo(name)) continue;
            if (!member.NameEquals(name) || ++count > 1) return false;
            found = member.Value;
        }
        return count == 1;
    }
}
