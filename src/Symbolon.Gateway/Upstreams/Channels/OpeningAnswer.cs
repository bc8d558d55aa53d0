using System.Text;
using Symbolon.Core.Tools;
using Symbolon.Gateway.Mcp;

namespace Symbolon.Gateway.Upstreams.Channels;

/// <summary>A channel's own answer to <c>initialize</c>, from which callers are answered: the channel is initialised once.</summary>
internal sealed class OpeningAnswer
{
    private readonly byte[] message;
    private readonly ProtocolRevision agreed;
    private Slice id;
    private Slice version;

    private OpeningAnswer(byte[] message, ProtocolRevision agreed) => (this.message, this.agreed) = (message, agreed);

    /// <returns>Null when it is no result, or agrees on a version that is no legacy version of ours and not 2024-11-05.</returns>
    public static OpeningAnswer? Read(byte[] message)
    {
        var envelope = new AnswerEnvelope();
        if (envelope.Read(message) != AnswerKind.Result || !envelope.Id.IsPresent) return null;
        if (!envelope.Member(message, "result"u8).TryGet("protocolVersion"u8, out var version) || !version.TryGetString(out var text)) return null;
        // What a server of the first revision says is all in the second, and it is never told anything that it does not know.
        if (text == "2024-11-05") text = ProtocolVersions.V20250326;
        if (!ProtocolRevision.TryParse(text, out var revision) || revision.Era != Era.Legacy) return null;
        return new OpeningAnswer(message, revision) { id = envelope.Id, version = Slice.Of(version) };
    }

    /// <summary>
    /// With the caller's id, and the caller's version where that is older: legacy clients take no newer version than they asked for,
    /// and pass over what they do not know.
    /// </summary>
    public byte[] For(OutgoingMessage request)
    {
        var revision = ProtocolRevision.TryParse(request.RequestedVersion, out var asked) && asked.Era == Era.Legacy && asked.Number < agreed.Number ? asked : agreed;
        return Splicing.Replace(message, id, request.At(request.Id), version, Encoding.ASCII.GetBytes($"\"{revision.Text}\""));
    }
}
