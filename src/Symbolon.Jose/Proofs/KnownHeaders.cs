using System.Collections.Concurrent;
using Symbolon.Jose.Keys;

namespace Symbolon.Jose.Proofs;

/// <summary>
/// Headers of proofs whose signatures held, with the key in each. A client repeats its header byte for byte in every proof; one that is known need not be
/// read again, nor its key. Bounded: two generations, of which the old one goes.
/// </summary>
internal sealed class KnownHeaders(int most)
{
    /// <summary>Twice what a header of a P-256 key needs, so that what is held stays within some megabytes.</summary>
    private const int MostCharacters = 512;

    private readonly Lock turning = new();
    private volatile Generation young = new();
    private volatile Generation old = new();

    /// <param name="proof">A whole proof.</param>
    public VerificationKey? Find(ReadOnlySpan<char> proof)
    {
        var header = HeaderOf(proof);
        if (young.ByText.TryGetValue(header, out var key)) return key;
        if (!old.ByText.TryGetValue(header, out key)) return null;
        Add(proof, key);
        return key;
    }

    public void Add(ReadOnlySpan<char> proof, VerificationKey key)
    {
        var header = HeaderOf(proof);
        var into = young;
        if (header.Length > MostCharacters || !into.Headers.TryAdd(header.ToString(), key) || into.Grow() < most) return;
        lock (turning)
        {
            if (young != into) return;
            old = into;
            young = new();
        }
    }

    private static ReadOnlySpan<char> HeaderOf(ReadOnlySpan<char> proof) => proof[..Math.Max(0, proof.IndexOf('.'))];

    private sealed class Generation
    {
        private int count;

        public Generation() => ByText = Headers.GetAlternateLookup<ReadOnlySpan<char>>();

        public ConcurrentDictionary<string, VerificationKey> Headers { get; } = new(StringComparer.Ordinal);

        public ConcurrentDictionary<string, VerificationKey>.AlternateLookup<ReadOnlySpan<char>> ByText { get; }

        public int Grow() => Interlocked.Increment(ref count);
    }
}
