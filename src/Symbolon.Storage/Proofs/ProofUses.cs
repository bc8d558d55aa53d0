using Symbolon.Core.OAuth.Proofs;
using Symbolon.Storage.Databases;
using Symbolon.Storage.Writing;

namespace Symbolon.Storage.Proofs;

/// <summary>Uses of proofs in transactions of their own: what comes while the writer is busy goes into the next one together.</summary>
internal sealed class ProofUses(StoreWriter writer) : IProofUses
{
    private const int MostInRound = 256;

    private readonly Lock gate = new();
    private Round? open;

    public async Task<bool> TryUseAsync(ProofUse use, CancellationToken cancellation)
    {
        await Join(use).WaitAsync(cancellation);
        return !use.IsReplay;
    }

    private Task Join(ProofUse use)
    {
        lock (gate)
        {
            // One that is over without having been written has waited in vain for the store.
            if (open is not { } round || round.Uses.Count == MostInRound || round.Written.IsCompleted)
            {
                round = open = new Round();
                round.Written = writer.RunAsync(transaction => (true, Write(transaction, round)));
            }
            round.Uses.Add(use);
            return round.Written;
        }
    }

    private bool Write(WriteTransaction transaction, Round round)
    {
        lock (gate)
        {
            if (open == round) open = null;
        }
        // In one order, so that two nodes cannot wait for each other.
        round.Uses.Sort((a, b) => a.CompareTo(b));
        var any = false;
        foreach (var use in round.Uses) any |= ProofRows.TryUse(transaction.Connection, use);
        return any;
    }

    private sealed class Round
    {
        public List<ProofUse> Uses { get; } = [];

        public Task Written { get; set; } = Task.CompletedTask;
    }
}
