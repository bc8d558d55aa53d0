using Symbolon.Jose.Json;

namespace Symbolon.Gateway.Mcp;

/// <summary>What a message asks for. Methods that are not offered are <see cref="Unknown"/>, whatever their name.</summary>
internal enum McpMethod : byte
{
    None,
    Initialize,
    Ping,
    Discover,
    ToolsList,
    ToolsCall,
    SetLevel,

    /// <summary>A request of any other method.</summary>
    Unknown,

    /// <summary>An answer to a request of the server. We never relay one, so there is nothing that it could answer.</summary>
    Response,

    Initialized,
    Cancelled,

    /// <summary>Any other notification: accepted and dropped.</summary>
    OtherNotification,
}

internal static class McpMethods
{
    public static McpMethod Read(JsonValue method, bool isNotification) => isNotification
        ? method.TextEquals("notifications/initialized"u8) ? McpMethod.Initialized
            : method.TextEquals("notifications/cancelled"u8) ? McpMethod.Cancelled
            : McpMethod.OtherNotification
        : method.TextEquals("tools/call"u8) ? McpMethod.ToolsCall
            : method.TextEquals("tools/list"u8) ? McpMethod.ToolsList
            : method.TextEquals("initialize"u8) ? McpMethod.Initialize
            : method.TextEquals("server/discover"u8) ? McpMethod.Discover
            : method.TextEquals("ping"u8) ? McpMethod.Ping
            : method.TextEquals("logging/setLevel"u8) ? McpMethod.SetLevel
            : McpMethod.Unknown;

    public static string ToText(this McpMethod method) => method switch
    {
        McpMethod.Initialize => "initialize",
        McpMethod.Ping => "ping",
        McpMethod.Discover => "server/discover",
        McpMethod.ToolsList => "tools/list",
        McpMethod.ToolsCall => "tools/call",
        McpMethod.SetLevel => "logging/setLevel",
        McpMethod.Initialized => "notifications/initialized",
        McpMethod.Cancelled => "notifications/cancelled",
        _ => "",
    };

    public static bool IsNotification(this McpMethod method) => method >= McpMethod.Initialized;
}
