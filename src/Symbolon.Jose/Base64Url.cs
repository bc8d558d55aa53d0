using System.Buffers;

namespace Symbolon.Jose;

/// <summary>
/// Base64url of RFC 4648 §5 without padding, as RFC 7515 §2 uses it. Decoding is strict, so that a value has one spelling: the
/// exact alphabet, no padding, no white space, no length of 4n+1, and zero bits behind the last byte. A second spelling of a
/// token would slip past everything that knows tokens by their hash.
/// </summary>
public static class Base64Url
{
    private static readonly SearchValues<byte> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8);

    /// <summary>Bytes that so many digits stand for.</summary>
    public static int DecodedLength(int digits) => (int)((long)digits * 3 / 4);

    /// <summary>Digits of so many bytes.</summary>
    public static int EncodedLength(int bytes) => checked((int)(((long)bytes * 4 + 2) / 3));

    /// <returns>False when the text is not strict base64url, or the destination is too small.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> digits, Span<byte> destination, out int written)
    {
        written = 0;
        if (!IsStrict(digits) || destination.Length < DecodedLength(digits.Length)) return false;
        return System.Buffers.Text.Base64Url.DecodeFromUtf8(digits, destination, out _, out written) == OperationStatus.Done;
    }

    /// <returns>The bytes, or null when the text is not strict base64url.</returns>
    public static byte[]? Decode(ReadOnlySpan<byte> digits)
    {
        var bytes = new byte[DecodedLength(digits.Length)];
        return TryDecode(digits, bytes, out _) ? bytes : null;
    }

    /// <returns>Digits written.</returns>
    /// <exception cref="ArgumentException">The destination is smaller than <see cref="EncodedLength"/>.</exception>
    public static int Encode(ReadOnlySpan<byte> bytes, Span<byte> destination) =>
        System.Buffers.Text.Base64Url.EncodeToUtf8(bytes, destination);

    public static string Encode(ReadOnlySpan<byte> bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);

    private static bool IsStrict(ReadOnlySpan<byte> digits)
    {
        if (digits.Length % 4 == 1 || digits.ContainsAnyExcept(Alphabet)) return false;
        // Of the last digit, 2 bits are used behind one byte and 4 behind two.
        return (digits.Length % 4) switch
        {
            2 => (ValueOf(digits[^1]) & 0b1111) == 0,
            3 => (ValueOf(digits[^1]) & 0b11) == 0,
            _ => true,
        };
    }

    private static int ValueOf(byte digit) => digit switch
    {
        >= (byte)'a' => digit - 'a' + 26,
        (byte)'_' => 63,
        >= (byte)'A' => digit - 'A',
        >= (byte)'0' => digit - '0' + 52,
        _ => 62,
    };
}
