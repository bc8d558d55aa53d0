namespace Symbolon.Core.OAuth.Proofs;

/// <summary>Uses of proofs in a commit of their own, for requests that leave no record, or whose record comes only at their end.</summary>
public interface IProofUses
{
    /// <summary>Makes the use durable; uses that wait at the same time share a commit.</summary>
    /// <returns>False for a replay: the request must be refused with <see cref="ProofFault.Replayed"/>.</returns>
    /// <remarks>Throws <c>StoreUnavailableException</c> when the store cannot be written: the request must be refused, and the next one needs a proof of its own.</remarks>
    Task<bool> TryUseAsync(ProofUse use, CancellationToken cancellation);
}
