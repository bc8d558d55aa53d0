using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Symbolon.Core.Identity;
using Symbolon.Core.Sealing;
using Symbolon.Jose;

namespace Symbolon.Core.OAuth.Proofs;

/// <summary>
/// Nonces for proofs: each is the MAC of a stretch of time under a key of the organisation, so every node of one master key knows them without asking, and
/// nobody can make a proof for later before that time has come. The present one and the one before are accepted, and the next one up to 5 s early, since
/// nodes' clocks differ.
/// </summary>
/// <remarks>RFC 9449 §8 and §9.</remarks>
public sealed class ProofNonces(ISecretBox box, TimeProvider clock)
{
    /// <summary>Seconds of one stretch. A nonce lives for one to two of them, which with the 5 s keeps a proof within 5 minutes and those seconds.</summary>
    internal const long Stretch = 150;

    private const long Early = 5;
    private const int MacBytes = 16;

    private readonly ConcurrentDictionary<OrganisationId, Known> known = new();

    /// <summary>The nonce to send: base64url, 22 characters.</summary>
    public string Current(OrganisationId organisation) => At(organisation, clock.GetUtcNow().ToUnixTimeSeconds() / Stretch).Current.Text;

    internal ProofNonce Judge(OrganisationId organisation, ReadOnlySpan<byte> nonce)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var number = now / Stretch;
        var nonces = At(organisation, number);
        if (CryptographicOperations.FixedTimeEquals(nonce, nonces.Current.Bytes)) return new(true, EndOf(number), null);
        if (CryptographicOperations.FixedTimeEquals(nonce, nonces.Previous.Bytes)) return new(true, EndOf(number - 1), nonces.Current.Text);
        var isEarly = (now + Early) / Stretch > number && CryptographicOperations.FixedTimeEquals(nonce, nonces.Next.Bytes);
        return isEarly ? new(true, EndOf(number + 1), null) : default;
    }

    /// <summary>When the last node stops to accept it, in microseconds.</summary>
    private static long EndOf(long number) => UnixTime.FromSeconds((number + 2) * Stretch);

    private Known At(OrganisationId organisation, long number)
    {
        if (known.TryGetValue(organisation, out var found) && found.Number == number) return found;
        var key = found?.Key ?? box.DeriveKey(organisation, "dpop-nonce");
        return known[organisation] = new Known(key, number);
    }

    private sealed class Known(byte[] key, long number)
    {
        public byte[] Key => key;

        public long Number => number;

        public (string Text, byte[] Bytes) Previous { get; } = Make(key, number - 1);

        public (string Text, byte[] Bytes) Current { get; } = Make(key, number);

        public (string Text, byte[] Bytes) Next { get; } = Make(key, number + 1);

        private static (string, byte[]) Make(byte[] key, long number)
        {
            Span<byte> stretch = stackalloc byte[sizeof(long)];
            BinaryPrimitives.WriteInt64BigEndian(stretch, number);
            Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
            HMACSHA256.HashData(key, stretch, mac);
            var text = Base64Url.Encode(mac[..MacBytes]);
            return (text, Encoding.ASCII.GetBytes(text));
        }
    }
}

/// <summary>What a nonce is worth.</summary>
/// <param name="EndsAt">Microseconds since the Unix epoch.</param>
/// <param name="Next">The nonce to go over to, where this one is the one before the present.</param>
internal readonly record struct ProofNonce(bool IsFresh, long EndsAt, string? Next);
