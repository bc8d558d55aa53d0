using System.Text;
using Symbolon.Core.Registry;
using Symbolon.Jose.Json;

namespace Symbolon.Gateway.Mcp;

/// <summary>
/// Writes the message that goes to the upstream: the envelope anew, <c>arguments</c> as exactly the bytes that the scan accepted.
/// Members of <c>params</c> that the method does not have stay behind, the client's capabilities are cut to what the server may ask for, and what we had
/// sealed is put in as the upstream wrote it. DESIGN.md section 4, Bytes.
/// </summary>
internal static class UpstreamEnvelope
{
    /// <param name="allowed">What the server may ask of clients.</param>
    public static void Write(McpMessage message, string requestedVersion, ClientFeatures allowed, ByteBuffer to)
    {
        to.Write("{\"jsonrpc\":\"2.0\""u8);
        if (message.Method == McpMethod.Response)
        {
            WriteResponse(message, to);
            return;
        }
        if (message.Id.IsPresent)
        {
            to.Write(",\"id\":"u8);
            to.Write(message.At(message.Id));
        }
        to.Write(",\"method\":\""u8);
        Encoding.ASCII.GetBytes(message.Method.ToText(), to);
        to.Write("\",\"params\":{"u8);
        var first = true;
        WriteMembers(message, requestedVersion, allowed, to, ref first);
        WriteMeta(message, allowed, first, to);
        to.Write("}}"u8);
    }

    private static void WriteMembers(McpMessage message, string requestedVersion, ClientFeatures allowed, ByteBuffer to, ref bool first)
    {
        switch (message.Method)
        {
            case McpMethod.ToolsCall or McpMethod.PromptsGet:
                Add("name"u8, message, message.Name, to, ref first);
                Add("arguments"u8, message, message.Arguments, to, ref first);
                WriteInput(message, to, ref first);
                break;
            case McpMethod.ResourcesRead:
                Add("uri"u8, message, message.Uri, to, ref first);
                WriteInput(message, to, ref first);
                break;
            case McpMethod.Subscribe or McpMethod.Unsubscribe:
                Add("uri"u8, message, message.Uri, to, ref first);
                break;
            case McpMethod.ToolsList or McpMethod.PromptsList or McpMethod.ResourcesList or McpMethod.TemplatesList:
                if (message.Cursor.IsPresent) Add("cursor"u8, message.Opened, to, ref first);
                break;
            case McpMethod.Complete:
                Begin("ref"u8, to, ref first);
                WriteReference(JsonValue.Root(message.At(message.Ref)), to);
                Add("argument"u8, message, message.Argument, to, ref first);
                Add("context"u8, message, message.Context, to, ref first);
                break;
            case McpMethod.Listen:
                Add("notifications"u8, message.Opened, to, ref first);
                break;
            case McpMethod.TaskGet or McpMethod.TaskCancel or McpMethod.TaskUpdate:
                Add("taskId"u8, message.Opened, to, ref first);
                if (message.Method == McpMethod.TaskUpdate) Add("inputResponses"u8, message, message.InputResponses, to, ref first);
                break;
            case McpMethod.Initialize:
                Begin("protocolVersion"u8, to, ref first).Write("\""u8);
                Encoding.ASCII.GetBytes(requestedVersion, to);
                to.Write("\""u8);
                Begin("capabilities"u8, to, ref first);
                ClientCapabilities.WriteCut(message.Capabilities.IsPresent ? message.At(message.Capabilities) : "{}"u8, allowed, to);
                Add("clientInfo"u8, message, message.ClientInfo, to, ref first);
                break;
            case McpMethod.SetLevel:
                Add("level"u8, message, message.Level, to, ref first);
                break;
            case McpMethod.Cancelled:
                Add("requestId"u8, message, message.RequestId, to, ref first);
                Add("reason"u8, message, message.Reason, to, ref first);
                break;
            case McpMethod.Discover or McpMethod.Initialized or McpMethod.RootsChanged:
                break;
            default:
                throw new InvalidOperationException($"{message.Method} is never forwarded.");
        }
    }

    /// <summary>The kind and what was decided on, and nothing else that a server could look at instead.</summary>
    private static void WriteReference(JsonValue reference, ByteBuffer to)
    {
        reference.TryGetOnly("type"u8, out var type);
        var isPrompt = type.TextEquals("ref/prompt"u8);
        reference.TryGetOnly(isPrompt ? "name"u8 : "uri"u8, out var named);
        to.Write(isPrompt ? "{\"type\":\"ref/prompt\",\"name\":"u8 : "{\"type\":\"ref/resource\",\"uri\":"u8);
        to.Write(named.Raw);
        to.Write("}"u8);
    }

    /// <summary>Under the id that the server gave its request.</summary>
    private static void WriteResponse(McpMessage message, ByteBuffer to)
    {
        to.Write(",\"id\":"u8);
        to.Write(message.Opened);
        to.Write(message.IsError ? ",\"error\":"u8 : ",\"result\":"u8);
        to.Write(message.At(message.Outcome));
        to.Write("}"u8);
    }

    /// <summary>What a client brings when it asks again (2026-07-28).</summary>
    private static void WriteInput(McpMessage message, ByteBuffer to, ref bool first)
    {
        if (!message.MetaVersion.IsPresent) return;
        Add("inputResponses"u8, message, message.InputResponses, to, ref first);
        if (message.RequestState.IsPresent && message.Opened is { Length: > 0 } state) Add("requestState"u8, state, to, ref first);
    }

    private static void Add(ReadOnlySpan<byte> name, McpMessage message, Slice value, ByteBuffer to, ref bool first)
    {
        if (value.IsPresent) Begin(name, to, ref first).Write(message.At(value));
    }

    private static void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ByteBuffer to, ref bool first) => Begin(name, to, ref first).Write(value);

    private static ByteBuffer Begin(ReadOnlySpan<byte> name, ByteBuffer to, ref bool first)
    {
        to.Write(first ? "\""u8 : ",\""u8);
        to.Write(name);
        to.Write("\":"u8);
        first = false;
        return to;
    }

    private static void WriteMeta(McpMessage message, ClientFeatures allowed, bool first, ByteBuffer to)
    {
        if (!message.HasMeta || message.Method.IsNotification()) return;
        to.Write(first ? "\"_meta\":{"u8 : ",\"_meta\":{"u8);
        first = true;
        foreach (var member in message.Meta)
        {
            // What we say to clients under our own name is not for them to say to a server.
            if (member.RawName.StartsWith("symbolon/"u8) || (member.RawName.Contains((byte)'\\') && member.Name.StartsWith("symbolon/", StringComparison.Ordinal))) continue;
            to.Write(first ? "\""u8 : ",\""u8);
            to.Write(member.RawName);
            to.Write("\":"u8);
            if (member.NameEquals("io.modelcontextprotocol/clientCapabilities"u8)) ClientCapabilities.WriteCut(member.Value.Raw, allowed, to);
            else to.Write(member.Value.Raw);
            first = false;
        }
        to.Write("}"u8);
    }
}
