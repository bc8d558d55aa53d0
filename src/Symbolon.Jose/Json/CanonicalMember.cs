namespace Symbolon.Jose.Json;

/// <summary>A member that has been written: where its decoded name and where its canonical text lie.</summary>
internal readonly record struct CanonicalMember(int KeyStart, int KeyLength, int Start, int Length)
{
    /// <summary>RFC 8785 §3.2.3: names are compared as arrays of UTF-16 code units, as unsigned numbers.</summary>
    public static void Sort(Span<CanonicalMember> members, ReadOnlySpan<char> keys)
    {
        // Merged from the bottom up: no worst case that a sender could choose, and stable.
        Span<CanonicalMember> merged = members.Length <= 64 ? stackalloc CanonicalMember[members.Length] : new CanonicalMember[members.Length];
        for (var width = 1; width < members.Length; width *= 2)
        {
            for (var left = 0; left < members.Length; left += 2 * width)
            {
                var middle = Math.Min(left + width, members.Length);
                var right = Math.Min(left + 2 * width, members.Length);
                Merge(members[left..middle], members[middle..right], merged[left..right], keys);
            }
            merged.CopyTo(members);
        }
    }

    public int CompareTo(CanonicalMember other, ReadOnlySpan<char> keys) =>
        keys.Slice(KeyStart, KeyLength).SequenceCompareTo(keys.Slice(other.KeyStart, other.KeyLength));

    private static void Merge(
        ReadOnlySpan<CanonicalMember> left, ReadOnlySpan<CanonicalMember> right, Span<CanonicalMember> merged, ReadOnlySpan<char> keys)
    {
        for (var at = 0; at < merged.Length; at++)
        {
            if (right.IsEmpty || (!left.IsEmpty && left[0].CompareTo(right[0], keys) <= 0))
            {
                merged[at] = left[0];
                left = left[1..];
            }
            else
            {
                merged[at] = right[0];
                right = right[1..];
            }
        }
    }
}
