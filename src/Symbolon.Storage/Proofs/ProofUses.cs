using Symbolon.Core.Audit;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Core.Snapshot;
using Symbolon.Storage.Writing;

namespace Symbolon.Storage.Proofs;

/// <summary>Uses of proofs, with or without records, in transactions of their own: what comes while the writer is busy goes into the next one together.</summary>
internal sealed class ProofUses(StoreWriter writer) : IProofUses
{
    private const int MostInRound = 256;

    private readonly Lock gate = new();
    private Round? open;

    public async Task<bool> TryUseAsync(IReadOnlyList<ProofUse> uses, IReadOnlyList<AuditEvent> records, CancellationToken cancellation)
    {
        var request = new Request(uses, records);
        await Join(request).WaitAsync(cancellation);
        return request.IsFirst;
    }

    private Task Join(Request request)
    {
        lock (gate)
        {
            // One that is over without having been written has waited in vain for the store.
            if (open is not { } round || round.Requests.Count == MostInRound || round.Written.IsCompleted)
            {
                round = open = new Round();
                round.Written = writer.RunAsync(transaction => (true, Write(transaction, round)));
            }
            round.Requests.Add(request);
            return round.Written;
        }
    }

    /// <returns>Whether there is anything to keep.</returns>
    private bool Write(WriteTransaction transaction, Round round)
    {
        lock (gate)
        {
            if (open == round) open = null;
        }
        // In one order, so that two nodes cannot wait for each other.
        var uses = round.Requests.SelectMany(request => request.Uses).ToList();
        uses.Sort((a, b) => a.CompareTo(b));
        var any = false;
        foreach (var use in uses) any |= transaction.TryUse(use);
        foreach (var request in round.Requests)
        {
            if (!request.IsFirst) continue;
            foreach (var record in request.Records) transaction.Append(record.Organisation, record);
            any |= request.Records.Count > 0;
        }
        return any;
    }

    private sealed record Request(IReadOnlyList<ProofUse> Uses, IReadOnlyList<AuditEvent> Records)
    {
        /// <summary>Known once the round is written.</summary>
        public bool IsFirst => !Uses.Any(use => use.IsReplay);
    }

    private sealed class Round
    {
        public List<Request> Requests { get; } = [];

        public Task Written { get; set; } = Task.CompletedTask;
    }
}
