using System.Text;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Registry;
using Symbolon.Gateway.Mcp;

namespace Symbolon.Gateway.Sealing;

/// <summary>An upstream's session as the client's session id carries it.</summary>
/// <param name="Id">The upstream's own id.</param>
/// <param name="Features">What the client lets the server ask of it, and the server's file did when the session was opened.</param>
internal sealed record UpstreamSession(string Id, ProtocolRevision Revision, ClientFeatures Features = ClientFeatures.None)
{
    /// <summary>From then on it is unknown.</summary>
    public DateTimeOffset EndsAt { get; init; } = DateTimeOffset.MaxValue;
}

/// <summary>Session ids that hold the whole session, so that any node continues it.</summary>
internal sealed class SessionSeal(StateSeal seal)
{
    private const int MostIdLength = 2048;
    private const int Head = 2;

    /// <returns>Null when the upstream's id is none that we could send back (2025-11-25, Session Management: visible ASCII).</returns>
    public string? Seal(UpstreamSession session, TokenRecord token, ServerName server)
    {
        if (session.Id.Length is 0 or > MostIdLength || session.Id.AsSpan().ContainsAnyExceptInRange('!', '~')) return null;
        var plain = new byte[Head + session.Id.Length];
        plain[0] = session.Revision.Number;
        plain[1] = (byte)session.Features;
        Encoding.ASCII.GetBytes(session.Id, plain.AsSpan(Head));
        return seal.Seal(StatePurpose.Session, plain, token, server);
    }

    /// <returns>The session, or null for what we did not seal for this token and server, and for what has expired.</returns>
    public UpstreamSession? Open(string id, TokenRecord token, ServerName server) =>
        seal.Open(StatePurpose.Session, id, token, server, out var end) is { Length: > Head } plain && ProtocolRevision.Find(plain[0]) is { } revision
            ? new UpstreamSession(Encoding.ASCII.GetString(plain, Head, plain.Length - Head), revision, (ClientFeatures)plain[1]) { EndsAt = end } : null;
}
