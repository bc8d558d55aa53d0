using Symbolon.Gateway.Mcp;
using Symbolon.Jose.Json;

namespace Symbolon.Gateway.Upstreams.Channels;

/// <summary>A message on its way to a channel, as the gateway wrote it, with the places that are another's on the channel.</summary>
internal sealed class OutgoingMessage
{
    private static readonly JsonLimits Limits = new(JsonLimits.GreatestDepth, int.MaxValue);
    private readonly byte[] text;
    private Slice progressToken;

    private OutgoingMessage(byte[] text) => this.text = text;

    public string Method { get; private set; } = "";

    /// <summary>As written; absent for notifications.</summary>
    public Slice Id { get; private set; }

    /// <summary><c>params.requestId</c> of a cancellation, as written.</summary>
    public Slice RequestId { get; private set; }

    /// <summary><c>params.protocolVersion</c> of <c>initialize</c>; null where there is none.</summary>
    public string? RequestedVersion { get; private set; }

    /// <summary><c>params.capabilities</c> of <c>initialize</c>, as written; absent where it is no object.</summary>
    public Slice Capabilities { get; private set; }

    /// <summary>A client's answer to what the server had asked, under the server's own id. It has no method.</summary>
    public bool IsResponse { get; private set; }

    public byte[] IdBytes => Id.In(text).ToArray();

    public byte[]? ProgressTokenBytes => progressToken.IsPresent ? progressToken.In(text).ToArray() : null;

    public ReadOnlySpan<byte> At(Slice place) => place.In(text);

    /// <returns>Null when it is no JSON-RPC message with an id that is one, where it needs it.</returns>
    public static OutgoingMessage? Read(byte[] text)
    {
        var outline = new JsonOutline();
        if (!StrictJson.Scan(text, Limits, MemberRule.Envelope, outline).Accepted || !outline.TryGetRoot(text, out var root)) return null;
        if (!root.TryGet("method"u8, out var method)) return ReadResponse(text, root);
        if (!method.TryGetString(out var name)) return null;
        var message = new OutgoingMessage(text) { Method = name };
        if (root.TryGet("id"u8, out var id))
        {
            if (id.Kind is not (JsonKind.String or JsonKind.Number)) return null;
            message.Id = Slice.Of(id);
        }
        if (!root.TryGetObject("params"u8, out var parameters)) return message;
        if (parameters.TryGetObject("_meta"u8, out var meta) && meta.TryGet("progressToken"u8, out var token)) message.progressToken = Slice.Of(token);
        if (parameters.TryGet("requestId"u8, out var cancelled)) message.RequestId = Slice.Of(cancelled);
        if (name != "initialize") return message;
        if (parameters.TryGet("protocolVersion"u8, out var version) && version.TryGetString(out var requested)) message.RequestedVersion = requested;
        if (parameters.TryGet("capabilities"u8, out var capabilities) && capabilities.Kind == JsonKind.Object) message.Capabilities = Slice.Of(capabilities);
        return message;
    }

    /// <summary>All of it, where every byte is for the server.</summary>
    public byte[] OnOneLine()
    {
        var copy = text.AsSpan().ToArray();
        Splicing.JoinLines(copy);
        return copy;
    }

    /// <summary>A request under its id on the channel, which is its progress token there, too.</summary>
    public byte[] Under(long id)
    {
        var written = ChannelId.Write(id);
        return Splicing.Replace(text, Id, written, progressToken, written);
    }

    /// <summary>A cancellation of the request that has this id on the channel.</summary>
    public byte[] Cancelling(long id) => Splicing.Replace(text, RequestId, ChannelId.Write(id));

    private static OutgoingMessage? ReadResponse(byte[] text, OutlinedObject root)
    {
        if (!root.TryGet("id"u8, out var id) || id.Kind is not (JsonKind.String or JsonKind.Number)) return null;
        if (root.TryGet("result"u8, out _) == root.TryGet("error"u8, out _)) return null;
        return new OutgoingMessage(text) { Id = Slice.Of(id), IsResponse = true };
    }
}
