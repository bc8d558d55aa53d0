namespace Symbolon.Jose.Keys;

/// <summary>
/// The signatures that exist here (RFC 7518 §3.1). <c>none</c> and HMACs have no value, so that no setting can admit them; zero is no
/// algorithm. Only <see cref="ES256"/> is signed with; the others are verified for foreign issuers.
/// </summary>
[Flags]
public enum JwsAlgorithm
{
    /// <summary>No algorithm at all, and not the <c>none</c> of RFC 7518 §3.6: nothing verifies under it.</summary>
    None = 0,
    ES256 = 1,
    ES384 = 2,
    RS256 = 4,
    PS256 = 8,
}

internal static class JwsAlgorithmNames
{
    /// <summary>Names are compared byte for byte: <c>es256</c> is none (RFC 7515 §4.1.1).</summary>
    public static JwsAlgorithm Find(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("ES256"u8) ? JwsAlgorithm.ES256
        : name.SequenceEqual("ES384"u8) ? JwsAlgorithm.ES384
        : name.SequenceEqual("RS256"u8) ? JwsAlgorithm.RS256
        : name.SequenceEqual("PS256"u8) ? JwsAlgorithm.PS256
        : JwsAlgorithm.None;
}
