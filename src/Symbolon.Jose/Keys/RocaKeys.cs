namespace Symbolon.Jose.Keys;

/// <summary>
/// RSA keys of the generator that CVE-2017-15361 is about: modulo every small prime, the modulus is a power of 65537. Such keys are factored in
/// hours; any other modulus looks like one with a chance below 2^-100.
/// </summary>
internal static class RocaKeys
{
    private static ReadOnlySpan<byte> Primes =>
    [
        3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127, 131, 137, 139,
        149, 151, 157, 163, 167,
    ];

    public static bool Includes(ReadOnlySpan<byte> modulus)
    {
        foreach (var prime in Primes)
        {
            var rest = 0;
            foreach (var digit in modulus) rest = ((rest << 8) | digit) % prime;
            if (!IsPower(rest, prime)) return false;
        }
        return true;
    }

    private static bool IsPower(int rest, int prime)
    {
        var power = 1;
        do
        {
            if (power == rest) return true;
            power = power * (65537 % prime) % prime;
        }
        while (power != 1);
        return false;
    }
}
