namespace Symbolon.Jose.Json;

/// <summary>How <see cref="CanonicalJson"/> writes a number.</summary>
public enum NumberForm
{
    /// <summary>As RFC 8785 §3.2.2.3: the double nearest to it, as ECMAScript writes it. 2^53 and 2^53+1 become the same.</summary>
    Es6,

    /// <summary>Its own text, unchanged: for digests of what others compute with, in which 2^53 and 2^53+1 must differ.</summary>
    AsWritten,
}
