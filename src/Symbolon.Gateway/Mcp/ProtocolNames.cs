using Symbolon.Jose.Json;

namespace Symbolon.Gateway.Mcp;

/// <summary>
/// The members of a message that have a meaning in the protocol. Another member that folds to one of them is refused: a server that
/// binds without regard to case would take it for the real one. DESIGN.md section 4, Bytes.
/// </summary>
internal static class ProtocolNames
{
    public const string MetaPrefix = "io.modelcontextprotocol/";

    private static readonly byte[][] Message = [.. Utf8("jsonrpc", "id", "method", "params", "result", "error")];

    private static readonly byte[][] Params =
    [
        .. Utf8(
            "name", "arguments", "_meta", "cursor", "uri", "protocolVersion", "capabilities", "clientInfo", "requestId", "reason",
            "progressToken", "progress", "total", "message", "level", "logger", "data", "inputResponses", "requestState", "task",
            "taskId", "ref", "argument", "context", "notifications"),
    ];

    private static readonly byte[][] Meta =
    [
        .. Utf8(
            "progressToken", "traceparent", "tracestate", "baggage", MetaPrefix + "protocolVersion", MetaPrefix + "clientCapabilities",
            MetaPrefix + "clientInfo", MetaPrefix + "logLevel", MetaPrefix + "subscriptionId", MetaPrefix + "related-task"),
    ];

    public static bool IsImitationInMessage(JsonMember member) => IsImitation(member, Message);

    public static bool IsImitationInParams(JsonMember member) => IsImitation(member, Params);

    public static bool IsImitationInMeta(JsonMember member) => IsImitation(member, Meta);

    private static bool IsImitation(JsonMember member, byte[][] names)
    {
        foreach (var name in names)
            if (member.NameFoldsTo(name)) return !member.NameEquals(name);
        return false;
    }

    private static IEnumerable<byte[]> Utf8(params string[] names) => names.Select(System.Text.Encoding.UTF8.GetBytes);
}
