using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Symbolon.Jose;

namespace Symbolon.Client.Verification;

/// <summary>
/// Nonces for proofs (RFC 9449 §9), each the MAC of a stretch of time under a key of this process. A proof with one was made in this process's life and within
/// the last minute, whatever its maker's clock says.
/// </summary>
internal sealed class OwnNonces(TimeProvider clock)
{
    /// <summary>Seconds; the present stretch and the one before are accepted.</summary>
    private const long Stretch = 30;
    private const int MacBytes = 16;

    private readonly byte[] key = RandomNumberGenerator.GetBytes(32);
    private readonly long start = clock.GetTimestamp();

    public string Current => At(Number);

    /// <param name="nonce">As the proof has it.</param>
    /// <param name="next">The one to go over to; null while this one is the present one.</param>
    public bool Accepts(ReadOnlySpan<byte> nonce, out string? next)
    {
        var number = Number;
        var isPresent = Is(nonce, number);
        next = isPresent ? null : At(number);
        return isPresent || Is(nonce, number - 1);
    }

    private long Number => (long)clock.GetElapsedTime(start).TotalSeconds / Stretch;

    private bool Is(ReadOnlySpan<byte> nonce, long number) => CryptographicOperations.FixedTimeEquals(nonce, Encoding.ASCII.GetBytes(At(number)));

    private string At(long number)
    {
        Span<byte> stretch = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(stretch, number);
        return Base64Url.Encode(HMACSHA256.HashData(key, stretch).AsSpan(0, MacBytes));
    }
}
