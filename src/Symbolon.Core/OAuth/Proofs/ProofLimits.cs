namespace Symbolon.Core.OAuth.Proofs;

/// <summary>What <see cref="ProofValidator"/> keeps in memory; past it the oldest goes, and nothing is accepted for it.</summary>
public sealed record ProofLimits
{
    /// <summary>Imported keys, some kilobytes each. Default 4096.</summary>
    public int Keys { get; init; } = 4096;

    /// <summary>Proofs in one of two generations, about 100 bytes each. Default 32,768.</summary>
    public int Proofs { get; init; } = 32 * 1024;
}
