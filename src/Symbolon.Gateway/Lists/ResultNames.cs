using System.Text;
using Symbolon.Jose.Json;

namespace Symbolon.Gateway.Lists;

/// <summary>
/// The members of a result that the gateway rewrites or that bind the client. One of them twice, or another member that folds to one,
/// would be a second list behind the filtered one for a client that binds without regard to case. DESIGN.md section 4, Bytes.
/// </summary>
internal static class ResultNames
{
    private static readonly byte[][] Names =
    [
        .. new[]
        {
            "tools", "nextCursor", "capabilities", "supportedVersions", "protocolVersion", "serverInfo", "instructions", "_meta",
            "resultType", "cacheScope", "ttlMs", "prompts", "resources", "resourceTemplates", "inputRequests", "requestState", "taskId",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    /// <summary>Whether every reader finds the same members in this result.</summary>
    public static bool AreUnmistakable(OutlinedObject result)
    {
        var seen = 0;
        foreach (var member in result)
        {
            for (var index = 0; index < Names.Length; index++)
            {
                if (!member.NameFoldsTo(Names[index])) continue;
                if (!member.NameEquals(Names[index]) || (seen & (1 << index)) != 0) return false;
                seen |= 1 << index;
            }
        }
        return true;
    }
}
