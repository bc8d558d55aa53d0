namespace Symbolon.Gateway.Mcp;

/// <summary>
/// Writes the message that goes to the upstream: the envelope anew, <c>arguments</c> as exactly the bytes that the scan accepted.
/// Members of <c>params</c> that the method does not have stay behind; so do the client's capabilities, since no request of a server
/// is relayed. DESIGN.md section 4, Bytes.
/// </summary>
internal static class UpstreamEnvelope
{
    public static void Write(McpMessage message, string requestedVersion, ByteBuffer to)
    {
        to.Write("{\"jsonrpc\":\"2.0\""u8);
        if (message.Id.IsPresent)
        {
            to.Write(",\"id\":"u8);
            to.Write(message.At(message.Id));
        }
        switch (message.Method)
        {
            case McpMethod.ToolsCall:
                to.Write(",\"method\":\"tools/call\",\"params\":{\"name\":"u8);
                to.Write(message.At(message.Name));
                if (message.Arguments.IsPresent) WriteMember(",\"arguments\":"u8, message, message.Arguments, to);
                WriteMeta(message, first: false, to);
                break;
            case McpMethod.ToolsList:
                to.Write(",\"method\":\"tools/list\",\"params\":{"u8);
                if (message.Cursor.IsPresent) WriteMember("\"cursor\":"u8, message, message.Cursor, to);
                WriteMeta(message, first: !message.Cursor.IsPresent, to);
                break;
            case McpMethod.Initialize:
                to.Write(",\"method\":\"initialize\",\"params\":{\"protocolVersion\":\""u8);
                System.Text.EncodingExtensions.GetBytes(System.Text.Encoding.ASCII, requestedVersion, to);
                to.Write("\",\"capabilities\":{}"u8);
                WriteMember(",\"clientInfo\":"u8, message, message.ClientInfo, to);
                WriteMeta(message, first: false, to);
                break;
            case McpMethod.Discover:
                to.Write(",\"method\":\"server/discover\",\"params\":{"u8);
                WriteMeta(message, first: true, to);
                break;
            case McpMethod.SetLevel:
                WriteMember(",\"method\":\"logging/setLevel\",\"params\":{\"level\":"u8, message, message.Level, to);
                break;
            case McpMethod.Initialized:
                to.Write(",\"method\":\"notifications/initialized\",\"params\":{"u8);
                break;
            case McpMethod.Cancelled:
                WriteMember(",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":"u8, message, message.RequestId, to);
                if (message.Reason.IsPresent) WriteMember(",\"reason\":"u8, message, message.Reason, to);
                break;
            default:
                throw new InvalidOperationException($"{message.Method} is never forwarded.");
        }
        to.Write("}}"u8);
    }

    private static void WriteMember(ReadOnlySpan<byte> before, McpMessage message, Slice value, ByteBuffer to)
    {
        to.Write(before);
        to.Write(message.At(value));
    }

    private static void WriteMeta(McpMessage message, bool first, ByteBuffer to)
    {
        if (!message.HasMeta) return;
        to.Write(first ? "\"_meta\":{"u8 : ",\"_meta\":{"u8);
        first = true;
        foreach (var member in message.Meta)
        {
            // What we say to clients under our own name is not for them to say to a server.
            if (member.RawName.StartsWith("symbolon/"u8) || (member.RawName.Contains((byte)'\\') && member.Name.StartsWith("symbolon/", StringComparison.Ordinal))) continue;
            to.Write(first ? "\""u8 : ",\""u8);
            to.Write(member.RawName);
            to.Write("\":"u8);
            to.Write(member.NameEquals("io.modelcontextprotocol/clientCapabilities"u8) ? "{}"u8 : member.Value.Raw);
            first = false;
        }
        to.Write("}"u8);
    }
}
