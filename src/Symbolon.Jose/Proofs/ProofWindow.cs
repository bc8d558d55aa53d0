namespace Symbolon.Jose.Proofs;

/// <summary>How old by its own clock a proof without a nonce may be, in seconds: RFC 9449 §4.3 (11) and §11.1.</summary>
public static class ProofWindow
{
    public const long MostAge = 60;

    public const long MostAhead = 5;

    /// <param name="now">Seconds since the Unix epoch.</param>
    /// <returns>Null when it is of now.</returns>
    public static ProofFault? Judge(in ProofClaims claims, long now)
    {
        if (claims.IssuedAt < now - MostAge || claims.Expires <= now) return ProofFault.TooOld;
        return claims.IssuedAt > now + MostAhead || claims.NotBefore > now + MostAhead ? ProofFault.TooNew : null;
    }
}
