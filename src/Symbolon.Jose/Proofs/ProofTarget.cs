using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Symbolon.Jose.Proofs;

/// <summary>
/// The URL that a proof must name in <c>htu</c>: one of ours, made of a configured public origin and a path, never of what a request says about
/// itself. Made once and kept.
/// </summary>
public sealed class ProofTarget
{
    private readonly byte[] canonical;

    private ProofTarget(byte[] canonical) => this.canonical = canonical;

    internal ReadOnlySpan<byte> Canonical => canonical;

    /// <param name="url">http or https, without query and fragment, at most 2048 characters.</param>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static ProofTarget Of(string url) =>
        TryOf(url, out var target) ? target : throw new ArgumentException("Not an http or https URL without query and fragment.", nameof(url));

    /// <summary>For a URL of which a part is the request's path.</summary>
    /// <inheritdoc cref="Of"/>
    /// <returns>False when it is none.</returns>
    public static bool TryOf(string url, [NotNullWhen(true)] out ProofTarget? target)
    {
        Span<byte> room = stackalloc byte[CanonicalUri.MostWritten];
        target = url.Length <= CanonicalUri.MostBytes && CanonicalUri.TryWrite(Encoding.UTF8.GetBytes(url), room, out var written) ? new(room[..written].ToArray()) : null;
        return target is not null;
    }

    /// <summary>Whether it is this URL in any spelling of RFC 3986 §6.2.2 and §6.2.3.</summary>
    public bool IsNamedBy(ReadOnlySpan<byte> htu)
    {
        if (htu.SequenceEqual(canonical)) return true;
        Span<byte> room = stackalloc byte[CanonicalUri.MostWritten];
        return CanonicalUri.TryWrite(htu, room, out var written) && room[..written].SequenceEqual(canonical);
    }

    public override string ToString() => Encoding.ASCII.GetString(canonical);
}
