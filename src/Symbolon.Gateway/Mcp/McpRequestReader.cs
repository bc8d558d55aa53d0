using Symbolon.Jose.Json;

namespace Symbolon.Gateway.Mcp;

/// <summary>
/// Bytes to a JSON-RPC message, strictly: one scan accepts the text, then the envelope is read from the scan's outline. What it
/// refuses is answered 400; the id is echoed as soon as it is known. DESIGN.md section 4, Bytes.
/// </summary>
internal static class McpRequestReader
{
    /// <returns>Null when the message can be used.</returns>
    public static Refusal? Read(McpMessage message, JsonLimits limits)
    {
        var text = message.Text;
        var verdict = StrictJson.Scan(text, limits, MemberRule.EveryObject, message.Outline);
        if (!verdict.Accepted) return Refusal.NotJson(verdict.InWords(limits));
        if (!message.Outline.TryGetRoot(text, out var root)) return ReadBatch(message);
        return ReadMessage(message, root) ?? ReadParams(message, root);
    }

    /// <summary>Each message in it is read by itself later.</summary>
    private static Refusal? ReadBatch(McpMessage message)
    {
        var root = JsonValue.Root(message.Text);
        if (root.Kind != JsonKind.Array) return Refusal.Malformed("The message has to be an object.");
        message.IsBatch = true;
        foreach (var item in root.Items)
        {
            message.Members.Add(Slice.Of(item));
            if (message.Members.Count > McpMessage.MostMembers) break;
        }
        return null;
    }

    private static Refusal? ReadMessage(McpMessage message, OutlinedObject root)
    {
        JsonValue method = default;
        bool versioned = false, named = false, answers = false, badId = false;
        Refusal? imitation = null;
        foreach (var member in root)
        {
            if (member.NameEquals("id"u8)) badId = !TryReadId(member.Value, message);
            else if (member.NameEquals("jsonrpc"u8)) versioned = member.Value.TextEquals("2.0"u8);
            else if (member.NameEquals("method"u8))
            {
                method = member.Value;
                named = true;
            }
            else if (member.NameEquals("result"u8) || member.NameEquals("error"u8))
            {
                if (answers) return Refusal.Malformed("A response has to have either 'result' or 'error'.");
                answers = true;
                message.Outcome = Slice.Of(member.Value);
                message.IsError = member.NameEquals("error"u8);
            }
            else if (!member.NameEquals("params"u8) && ProtocolNames.IsImitationInMessage(member)) imitation ??= Imitation(member, "the message");
        }
        if (badId) return Refusal.Malformed("'id' has to be a string or an integer.");
        if (imitation is not null) return imitation;
        if (!versioned) return Refusal.Malformed("'jsonrpc' has to be \"2.0\".");
        if (named == answers) return Refusal.Malformed("The message has to have either 'method', or 'result' or 'error'.");
        if (named && method.Kind != JsonKind.String) return Refusal.Malformed("'method' has to be a string.");
        if (answers && (!message.Id.IsPresent || message.At(message.Outcome)[0] != '{')) return Refusal.Malformed("A response has to have an 'id', and an object as 'result' or 'error'.");
        message.Method = answers ? McpMethod.Response : McpMethods.Read(method, !message.Id.IsPresent);
        return null;
    }

    private static bool TryReadId(JsonValue id, McpMessage message)
    {
        if (id.Kind == JsonKind.Number ? id.Raw.ContainsAny(".eE"u8) : id.Kind != JsonKind.String) return false;
        message.Id = Slice.Of(id);
        return true;
    }

    private static Refusal? ReadParams(McpMessage message, OutlinedObject root)
    {
        if (!root.TryGet("params"u8, out var found)) return RequireParams(message);
        if (found.Kind != JsonKind.Object) return Refusal.Malformed("'params' has to be an object.");
        root.TryGetObject("params"u8, out var members);
        foreach (var member in members)
        {
            if (member.NameEquals("name"u8)) message.Name = Slice.Of(member.Value);
            else if (member.NameEquals("arguments"u8)) message.Arguments = Slice.Of(member.Value);
            else if (member.NameEquals("uri"u8)) message.Uri = Slice.Of(member.Value);
            else if (member.NameEquals("inputResponses"u8)) message.InputResponses = Slice.Of(member.Value);
            else if (member.NameEquals("requestState"u8)) message.RequestState = Slice.Of(member.Value);
            else if (member.NameEquals("taskId"u8)) message.TaskId = Slice.Of(member.Value);
            else if (member.NameEquals("ref"u8)) message.Ref = Slice.Of(member.Value);
            else if (member.NameEquals("argument"u8)) message.Argument = Slice.Of(member.Value);
            else if (member.NameEquals("context"u8)) message.Context = Slice.Of(member.Value);
            else if (member.NameEquals("notifications"u8)) message.Notifications = Slice.Of(member.Value);
            else if (member.NameEquals("capabilities"u8)) message.Capabilities = Slice.Of(member.Value);
            else if (member.NameEquals("_meta"u8)) message.HasMeta = true;
            else if (member.NameEquals("cursor"u8)) message.Cursor = Slice.Of(member.Value);
            else if (member.NameEquals("protocolVersion"u8)) message.RequestedVersion = Slice.Of(member.Value);
            else if (member.NameEquals("clientInfo"u8)) message.ClientInfo = Slice.Of(member.Value);
            else if (member.NameEquals("level"u8)) message.Level = Slice.Of(member.Value);
            else if (member.NameEquals("requestId"u8)) message.RequestId = Slice.Of(member.Value);
            else if (member.NameEquals("reason"u8)) message.Reason = Slice.Of(member.Value);
            else if (ProtocolNames.IsImitationInParams(member)) return Imitation(member, "'params'");
        }
        return (message.HasMeta ? ReadMeta(message, members) : null) ?? RequireParams(message);
    }

    private static Refusal? ReadMeta(McpMessage message, OutlinedObject members)
    {
        if (!members.TryGetObject("_meta"u8, out var meta)) return Refusal.InvalidParams("'params._meta' has to be an object.");
        foreach (var member in meta)
        {
            if (member.NameEquals("progressToken"u8)) message.ProgressToken = Slice.Of(member.Value);
            else if (member.NameEquals("traceparent"u8)) message.TraceParent = Slice.Of(member.Value);
            else if (member.NameEquals("io.modelcontextprotocol/protocolVersion"u8)) message.MetaVersion = Slice.Of(member.Value);
            else if (member.NameEquals("io.modelcontextprotocol/clientCapabilities"u8)) message.MetaCapabilities = Slice.Of(member.Value);
            else if (member.NameEquals("io.modelcontextprotocol/logLevel"u8)) message.MetaLogLevel = Slice.Of(member.Value);
            else if (ProtocolNames.IsImitationInMeta(member)) return Imitation(member, "'params._meta'");
        }
        if (message.ProgressToken.IsPresent && !IsToken(message.At(message.ProgressToken)))
            return Refusal.InvalidParams("'params._meta.progressToken' has to be a string or an integer.");
        return null;
    }

    /// <summary>What the methods that we read ourselves cannot do without. Types are checked, so that nothing odd is spliced upstream.</summary>
    private static Refusal? RequireParams(McpMessage message) => message.Method switch
    {
        // Who asks in the modern era for what only the legacy one has is told so, whatever the params are.
        McpMethod.Initialize or McpMethod.SetLevel or McpMethod.Subscribe or McpMethod.Unsubscribe when message.MetaVersion.IsPresent => null,
        McpMethod.ToolsCall or McpMethod.PromptsGet => Require(message, message.Name, "name", '"') ?? Allow(message, message.Arguments, "arguments", '{') ?? AllowInput(message),
        McpMethod.ResourcesRead => Require(message, message.Uri, "uri", '"') ?? AllowInput(message),
        McpMethod.Subscribe or McpMethod.Unsubscribe => Require(message, message.Uri, "uri", '"'),
        McpMethod.ToolsList or McpMethod.PromptsList or McpMethod.ResourcesList or McpMethod.TemplatesList => Allow(message, message.Cursor, "cursor", '"'),
        McpMethod.Complete => Require(message, message.Ref, "ref", '{') ?? Require(message, message.Argument, "argument", '{') ?? Allow(message, message.Context, "context", '{'),
        McpMethod.Listen => Require(message, message.Notifications, "notifications", '{'),
        McpMethod.TaskGet or McpMethod.TaskCancel => Require(message, message.TaskId, "taskId", '"'),
        McpMethod.TaskUpdate => Require(message, message.TaskId, "taskId", '"') ?? Require(message, message.InputResponses, "inputResponses", '{'),
        McpMethod.Initialize => Require(message, message.RequestedVersion, "protocolVersion", '"') ?? Require(message, message.ClientInfo, "clientInfo", '{')
            ?? Allow(message, message.Capabilities, "capabilities", '{'),
        McpMethod.SetLevel => Require(message, message.Level, "level", '"'),
        McpMethod.Cancelled when !message.RequestId.IsPresent || !IsToken(message.At(message.RequestId)) =>
            Refusal.InvalidParams("'params.requestId' has to be a string or an integer."),
        McpMethod.Cancelled => Allow(message, message.Reason, "reason", '"'),
        _ => null,
    };

    private static Refusal? AllowInput(McpMessage message) =>
        Allow(message, message.InputResponses, "inputResponses", '{') ?? Allow(message, message.RequestState, "requestState", '"');

    private static Refusal? Require(McpMessage message, Slice place, string name, char first) =>
        place.IsPresent && message.At(place)[0] == first ? null
        : Refusal.InvalidParams(first == '{' ? $"'params.{name}' has to be an object." : $"'params.{name}' has to be a string.");

    private static Refusal? Allow(McpMessage message, Slice place, string name, char first) => place.IsPresent ? Require(message, place, name, first) : null;

    private static bool IsToken(ReadOnlySpan<byte> value) =>
        value[0] == '"' || (value[0] is (byte)'-' or (>= (byte)'0' and <= (byte)'9') && !value.ContainsAny(".eE"u8));

    private static Refusal Imitation(JsonMember member, string where) =>
        Refusal.Malformed($"A member of {where} is taken for a protocol member by readers without regard to case (byte {member.NameOffset}). Spell it exactly, or leave it out.");
}
