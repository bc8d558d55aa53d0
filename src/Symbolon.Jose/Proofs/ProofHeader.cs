namespace Symbolon.Jose.Proofs;

/// <summary>Names of the headers of RFC 9449.</summary>
public static class ProofHeader
{
    /// <summary>With the proof (§4.1).</summary>
    public const string Proof = "DPoP";

    /// <summary>With the nonce that the next proof shall have (§8.2).</summary>
    public const string Nonce = "DPoP-Nonce";
}
