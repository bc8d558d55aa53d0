using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Sealing;

namespace Symbolon.Gateway.Sealing;

/// <summary>
/// State that a client holds for us: session ids, cursors, request states, ids of events, tasks and server requests. Sealed with AES-256-GCM, so that any node
/// of the installation understands it and nobody else does; bound to its purpose and to organisation, subject, actors, authorization or token id, key, and server; it
/// expires. Rotating a token keeps its id, and refreshing one its authorization, so both keep their state.
/// It is no credential: the token is checked on each request. DESIGN.md section 4, Identities on the way.
/// </summary>
/// <remarks>
/// Layout: end (minutes since the Unix epoch, 4 bytes), nonce (12), ciphertext, tag (16). Each day of ends has a key of its own, so that random nonces
/// stay far from their bound.
/// </remarks>
internal sealed class StateSeal(ISecretBox box, TimeProvider clock)
{
    private const int EndLength = 4;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int Overhead = EndLength + NonceLength + TagLength;
    private const int MinutesInDay = 24 * 60;

    /// <summary>Longer text was not sealed by us: what goes in is bounded by whoever seals it.</summary>
    private const int MostDigits = 64 * 1024;

    private readonly ConcurrentDictionary<(OrganisationId, uint), byte[]> keys = new();

    /// <returns>Base64url, visible ASCII.</returns>
    public string Seal(StatePurpose purpose, ReadOnlySpan<byte> state, TokenRecord token, ServerName server)
    {
        var end = Minutes(clock.GetUtcNow() + purpose.Lifetime());
        var output = new byte[Overhead + state.Length];
        BinaryPrimitives.WriteUInt32BigEndian(output, end);
        var nonce = output.AsSpan(EndLength, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(KeyOf(token.Organisation, end), TagLength);
        aes.Encrypt(nonce, state, output.AsSpan(EndLength + NonceLength, state.Length), output.AsSpan(output.Length - TagLength), Binding(purpose, end, token, server));
        return Jose.Base64Url.Encode(output);
    }

    /// <returns>Null for what we did not seal for this purpose, token and server, and for what has expired.</returns>
    public byte[]? Open(StatePurpose purpose, ReadOnlySpan<char> text, TokenRecord token, ServerName server, out DateTimeOffset end)
    {
        end = default;
        if (text.Length is 0 or > MostDigits) return null;
        var digits = new byte[text.Length];
        if (!Encoding.ASCII.TryGetBytes(text, digits, out _) || text.ContainsAnyExceptInRange('!', '~')) return null;
        if (Jose.Base64Url.Decode(digits) is not { Length: >= Overhead } bytes) return null;
        var minute = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        end = DateTimeOffset.FromUnixTimeSeconds(60L * minute);
        // Before a key is derived for it: what no one of us can have sealed costs nothing.
        var left = end - clock.GetUtcNow();
        if (left <= TimeSpan.Zero || left > purpose.Lifetime() + TimeSpan.FromMinutes(10)) return null;
        var plain = new byte[bytes.Length - Overhead];
        using var aes = new AesGcm(KeyOf(token.Organisation, minute), TagLength);
        try
        {
            aes.Decrypt(
                bytes.AsSpan(EndLength, NonceLength), bytes.AsSpan(EndLength + NonceLength, plain.Length), bytes.AsSpan(bytes.Length - TagLength), plain,
                Binding(purpose, minute, token, server));
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        return plain;
    }

    private byte[] KeyOf(OrganisationId organisation, uint end)
    {
        var day = end / MinutesInDay;
        if (keys.TryGetValue((organisation, day), out var known)) return known;
        // A day more than the longest life for each organisation; older ones are asked for by nobody.
        if (keys.Count > 4096) keys.Clear();
        return keys.GetOrAdd((organisation, day), static (of, box) => box.DeriveKey(of.Item1, $"state:{of.Item2}"), box);
    }

    /// <summary>Each part with its length, so that no two bindings read alike.</summary>
    private static byte[] Binding(StatePurpose purpose, uint end, TokenRecord token, ServerName server)
    {
        var holder = token.Holder;
        return Encoding.UTF8.GetBytes(string.Concat(new[]
        {
            ((byte)purpose).ToString(System.Globalization.CultureInfo.InvariantCulture), end.ToString(System.Globalization.CultureInfo.InvariantCulture),
            token.Organisation.Value, holder.User?.Value ?? "", holder.Agent?.Value ?? "", holder.Workflow?.Value ?? "",
            token.OAuth?.Authorization.Value ?? token.Id.Value, server.Value, token.OAuth?.Key?.ToString() ?? "",
        }.Select(part => $"{part.Length}:{part}")));
    }

    /// <summary>Who holds a token, the same when an authorization is refreshed: text that is one holder's alone.</summary>
    public static string HolderOf(TokenRecord token) => string.Join(' ', token.Organisation.Value, token.Holder.User?.Value, token.Holder.Agent?.Value, token.Holder.Workflow?.Value,
        token.OAuth?.Authorization.Value ?? token.Id.Value, token.OAuth?.Key?.ToString());

    private static uint Minutes(DateTimeOffset time) => (uint)(time.ToUnixTimeSeconds() / 60);
}
