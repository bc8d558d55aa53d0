namespace Symbolon.Core.Tools.Schemas;

/// <summary>Members or items of one value, by their number, that some keyword has looked at: what <c>unevaluatedProperties</c> and <c>unevaluatedItems</c> leave alone.</summary>
internal sealed class EvaluatedParts
{
    private ulong[] bits = new ulong[1];

    public void Mark(int index)
    {
        Grow(index / 64 + 1);
        bits[index / 64] |= 1ul << (index % 64);
    }

    public bool Has(int index) => index / 64 < bits.Length && (bits[index / 64] & (1ul << (index % 64))) != 0;

    public void Add(EvaluatedParts other)
    {
        Grow(other.bits.Length);
        for (var i = 0; i < other.bits.Length; i++) bits[i] |= other.bits[i];
    }

    private void Grow(int length)
    {
        if (bits.Length < length) Array.Resize(ref bits, Math.Max(length, 2 * bits.Length));
    }
}
