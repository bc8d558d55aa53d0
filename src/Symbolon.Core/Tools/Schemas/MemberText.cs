using System.Text;
using Symbolon.Jose.Json;

namespace Symbolon.Core.Tools.Schemas;

internal static class MemberText
{
    /// <summary>The name of a member as UTF-8, its escapes decoded. Copies only where there are some.</summary>
    public static ReadOnlySpan<byte> Of(JsonMember member) =>
        member.RawName.Contains((byte)'\\') ? Encoding.UTF8.GetBytes(member.Name) : member.RawName;
}
