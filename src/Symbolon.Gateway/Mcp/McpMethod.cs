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
    PromptsList,
    PromptsGet,
    ResourcesList,
    TemplatesList,
    ResourcesRead,
    Complete,

    /// <summary>Of a legacy session, as are the two behind it.</summary>
    Subscribe,
    Unsubscribe,
    SetLevel,

    /// <summary>The modern stream of notifications.</summary>
    Listen,

    /// <summary>Of the modern extension for tasks, as are the two behind it.</summary>
    TaskGet,
    TaskUpdate,
    TaskCancel,

    /// <summary>A request of any other method.</summary>
    Unknown,

    /// <summary>An answer to a request of the server that was relayed.</summary>
    Response,

    Initialized,
    Cancelled,
    RootsChanged,

    /// <summary>Any other notification: accepted and dropped.</summary>
    OtherNotification,
}

internal static class McpMethods
{
    /// <summary>Every method that is offered, with its name. The frequent ones first: they are looked for in this order.</summary>
    private static readonly (McpMethod Method, string Text, byte[] Utf8)[] Requests =
    [
        .. new (McpMethod Method, string Text)[]
        {
            (McpMethod.ToolsCall, "tools/call"),
            (McpMethod.ToolsList, "tools/list"),
            (McpMethod.Initialize, "initialize"),
            (McpMethod.Discover, "server/discover"),
            (McpMethod.Ping, "ping"),
            (McpMethod.SetLevel, "logging/setLevel"),
            (McpMethod.PromptsList, "prompts/list"),
            (McpMethod.PromptsGet, "prompts/get"),
            (McpMethod.ResourcesList, "resources/list"),
            (McpMethod.TemplatesList, "resources/templates/list"),
            (McpMethod.ResourcesRead, "resources/read"),
            (McpMethod.Complete, "completion/complete"),
            (McpMethod.Subscribe, "resources/subscribe"),
            (McpMethod.Unsubscribe, "resources/unsubscribe"),
            (McpMethod.Listen, "subscriptions/listen"),
            (McpMethod.TaskGet, "tasks/get"),
            (McpMethod.TaskUpdate, "tasks/update"),
            (McpMethod.TaskCancel, "tasks/cancel"),
        }.Select(Named),
    ];

    private static readonly (McpMethod Method, string Text, byte[] Utf8)[] Notifications =
    [
        .. new (McpMethod Method, string Text)[]
        {
            (McpMethod.Initialized, "notifications/initialized"),
            (McpMethod.Cancelled, "notifications/cancelled"),
            (McpMethod.RootsChanged, "notifications/roots/list_changed"),
        }.Select(Named),
    ];

    private static readonly string[] Texts = [.. Enum.GetValues<McpMethod>().Select(method =>
        Requests.Concat(Notifications).FirstOrDefault(each => each.Method == method).Text ?? "")];

    public static McpMethod Read(JsonValue method, bool isNotification)
    {
        foreach (var (known, _, utf8) in isNotification ? Notifications : Requests)
            if (method.TextEquals(utf8)) return known;
        return isNotification ? McpMethod.OtherNotification : McpMethod.Unknown;
    }

    /// <returns>Empty for what has no name of its own.</returns>
    public static string ToText(this McpMethod method) => Texts[(int)method];

    public static bool IsNotification(this McpMethod method) => method >= McpMethod.Initialized;

    /// <summary>Two records, and an answer that is held until the second is durable. DESIGN.md section 4, Audit durability.</summary>
    public static bool IsCall(this McpMethod method) =>
        method is McpMethod.ToolsCall or McpMethod.PromptsGet or McpMethod.ResourcesRead or McpMethod.Complete;

    /// <summary>Whose result may ask the client for something first (2026-07-28, multi round-trip requests).</summary>
    public static bool MayAskForInput(this McpMethod method) => method is McpMethod.ToolsCall or McpMethod.PromptsGet or McpMethod.ResourcesRead;

    /// <summary>Lists that come in pages.</summary>
    public static bool IsList(this McpMethod method) =>
        method is McpMethod.ToolsList or McpMethod.PromptsList or McpMethod.ResourcesList or McpMethod.TemplatesList;

    private static (McpMethod Method, string Text, byte[] Utf8) Named((McpMethod Method, string Text) each) =>
        (each.Method, each.Text, System.Text.Encoding.ASCII.GetBytes(each.Text));
}
