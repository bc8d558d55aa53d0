using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Sealing;

namespace Symbolon.Gateway.Mcp;

/// <summary>An upstream's session as the client's session id carries it. <see cref="Id"/> is the upstream's own id.</summary>
internal sealed record UpstreamSession(string Id, ProtocolRevision Revision);

/// <summary>
/// Session ids that hold the whole session, so that any node continues it: AES-256-GCM over the upstream's id and the protocol
/// version, bound to organisation, subject, actors, authorization or token id, key, and server. Rotating a token keeps its id, and refreshing one its
/// authorization, so both keep their sessions.
/// Session ids are no credential: the token is checked on each request. DESIGN.md section 4, Identities on the way.
/// </summary>
internal sealed class SessionSeal(ISecretBox box)
{
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int MostIdLength = 2048;
    private readonly ConcurrentDictionary<OrganisationId, byte[]> keys = new();

    /// <returns>Base64url, visible ASCII; null when the upstream's id is none that we could send back (2025-11-25, Session Management: visible ASCII).</returns>
    public string? Seal(UpstreamSession session, TokenRecord token, ServerName server)
    {
        if (session.Id.Length is 0 or > MostIdLength || session.Id.AsSpan().ContainsAnyExceptInRange('!', '~')) return null;
        var output = new byte[NonceLength + 1 + session.Id.Length + TagLength];
        var nonce = output.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        var plain = new byte[1 + session.Id.Length];
        plain[0] = session.Revision.Number;
        Encoding.ASCII.GetBytes(session.Id, plain.AsSpan(1));
        using var aes = new AesGcm(KeyOf(token.Organisation), TagLength);
        aes.Encrypt(nonce, plain, output.AsSpan(NonceLength, plain.Length), output.AsSpan(NonceLength + plain.Length), Binding(token, server));
        return Jose.Base64Url.Encode(output);
    }

    /// <returns>The session, or null for what we did not seal for this token and server.</returns>
    public UpstreamSession? Open(string id, TokenRecord token, ServerName server)
    {
        if (id.Length is 0 or > 2 * MostIdLength || Jose.Base64Url.Decode(Encoding.UTF8.GetBytes(id)) is not { } bytes) return null;
        if (bytes.Length <= NonceLength + 1 + TagLength) return null;
        var plain = new byte[bytes.Length - NonceLength - TagLength];
        using var aes = new AesGcm(KeyOf(token.Organisation), TagLength);
        try
        {
            aes.Decrypt(
                bytes.AsSpan(0, NonceLength), bytes.AsSpan(NonceLength, plain.Length), bytes.AsSpan(NonceLength + plain.Length), plain,
                Binding(token, server));
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        return ProtocolRevision.Find(plain[0]) is { } revision ? new(Encoding.ASCII.GetString(plain, 1, plain.Length - 1), revision) : null;
    }

    private byte[] KeyOf(OrganisationId organisation) => keys.GetOrAdd(organisation, id => box.DeriveKey(id, "session"));

    /// <summary>Each part with its length, so that no two bindings read alike.</summary>
    private static byte[] Binding(TokenRecord token, ServerName server)
    {
        var holder = token.Holder;
        string[] parts =
        [
            token.Organisation.Value, holder.User?.Value ?? "", holder.Agent?.Value ?? "", holder.Workflow?.Value ?? "",
            token.OAuth?.Authorization.Value ?? token.Id.Value, server.Value,
        ];
        // One part more only where there is a key, so that sessions of other tokens outlive an update.
        if (token.OAuth?.Key is { } key) parts = [.. parts, key.ToString()];
        return Encoding.UTF8.GetBytes(string.Concat(parts.Select(part => $"{part.Length}:{part}")));
    }
}
