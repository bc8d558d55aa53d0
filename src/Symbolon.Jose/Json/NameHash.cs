using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Symbolon.Jose.Json;

/// <summary>
/// A 64-bit hash of a folded name. Its two keys are drawn once a process, so nobody outside can prepare names that collide and
/// make the comparison of members quadratic.
/// </summary>
internal static class NameHash
{
    private const ulong HighBits = 0x8080808080808080;

    private static readonly ulong Seed = Draw();
    private static readonly ulong Multiplier = Draw() | 1;

    /// <param name="raw">The inside of a name's quotation marks.</param>
    public static ulong Of(ReadOnlySpan<byte> raw, bool escaped)
    {
        if (escaped) return OfFolded(raw);
        var hash = Seed;
        for (var at = 0; at + sizeof(ulong) < raw.Length; at += sizeof(ulong))
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(raw[at..]);
            if ((word & HighBits) != 0) return OfFolded(raw);
            hash = Mix(hash ^ Upper(word));
        }
        var last = Last(raw);
        return (last & HighBits) != 0 ? OfFolded(raw) : Finish(hash, Upper(last), raw.Length);
    }

    // The same hash over bytes that are folded already, so that a name has one hash however it is written.
    private static ulong OfFolded(ReadOnlySpan<byte> raw)
    {
        var rented = ArrayPool<byte>.Shared.Rent(2 * raw.Length);
        ReadOnlySpan<byte> folded = rented.AsSpan(0, NameFolding.Fold(raw, rented));
        var hash = Seed;
        for (var at = 0; at + sizeof(ulong) < folded.Length; at += sizeof(ulong))
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(folded[at..]));
        hash = Finish(hash, Last(folded), folded.Length);
        ArrayPool<byte>.Shared.Return(rented);
        return hash;
    }

    // The last one to eight bytes. They may overlap what came before: with the length, the words still tell names apart.
    private static ulong Last(ReadOnlySpan<byte> name) => name.Length switch
    {
        >= sizeof(ulong) => BinaryPrimitives.ReadUInt64LittleEndian(name[^sizeof(ulong)..]),
        >= sizeof(uint) => BinaryPrimitives.ReadUInt32LittleEndian(name) | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(name[^sizeof(uint)..]) << 32),
        > 0 => name[0] | ((uint)name[name.Length / 2] << 8) | ((uint)name[^1] << 16),
        _ => 0,
    };

    // Eight ASCII letters at once: the sums carry into the high bit of a byte that is at least 'a', and beyond 'z'.
    private static ulong Upper(ulong ascii)
    {
        var fromA = ascii + 0x1F1F1F1F1F1F1F1F;
        var beyondZ = ascii + 0x0505050505050505;
        return ascii ^ (((fromA ^ beyondZ) & HighBits) >> 2);
    }

    private static ulong Finish(ulong hash, ulong last, int length) => Mix(Mix(hash ^ last) + (ulong)length);

    private static ulong Mix(ulong value)
    {
        var high = Math.BigMul(value, Multiplier, out var low);
        return high ^ low;
    }

    private static ulong Draw()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }
}
