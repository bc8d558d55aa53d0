using Symbolon.Jose.Keys;

namespace Symbolon.Jose.Signatures;

/// <summary>What one kind of token must look like before any key is asked for (RFC 8725 §3.1 and §3.11).</summary>
public sealed record JwsProfile
{
    /// <summary>The one media type in <c>typ</c>, without <c>application/</c>, which the token may carry in front. Compared byte for byte.</summary>
    public required string Type { get; init; }

    /// <summary>A second spelling of the same kind, where a younger specification renamed it. Null, the usual case, for none.</summary>
    public string? OtherType { get; init; }

    /// <summary>The algorithms that may sign it. Default ES256 alone.</summary>
    public JwsAlgorithm Algorithms { get; init; } = JwsAlgorithm.ES256;

    /// <summary>True only for kinds that are older than typing, such as ID tokens: <c>typ</c> may be missing. Another one is refused all the same.</summary>
    public bool TypeMayBeMissing { get; init; }

    /// <summary>True only for DPoP proofs: the header must carry <c>jwk</c> (RFC 9449 §4.2). Otherwise it must not.</summary>
    public bool CarriesKey { get; init; }

    /// <summary>Bytes of the whole token, default 16 KiB. A header has at most 4 KiB encoded.</summary>
    public int MostBytes { get; init; } = 16 * 1024;
}
