using Symbolon.Core;
using Symbolon.Storage.Databases;
using Symbolon.Storage.Writing;

namespace Symbolon.Storage.Proofs;

/// <summary>Removes used proofs that no node would accept any more, a few hundred at a time, behind the calls. The host calls it every few seconds.</summary>
public sealed class ProofClearing
{
    private const int MostInStep = 500;

    /// <summary>Longer than any proof lives: 5 minutes and the seconds by which clocks may differ.</summary>
    private static readonly TimeSpan Hold = TimeSpan.FromMinutes(6);

    /// <summary>So far a clock may be set back, or behind the others, and every proof that it takes for one of now is still on record.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(10);

    private readonly StoreWriter writer;
    private readonly Dialect dialect;
    private readonly CautiousTime time;
    private bool isUnderWay;

    internal ProofClearing(StoreWriter writer, Dialect dialect, TimeProvider clock)
    {
        this.writer = writer;
        this.dialect = dialect;
        time = new CautiousTime(clock, Hold);
    }

    /// <summary>Removes some. Not to be called by two at a time.</summary>
    /// <returns>Whether there may be more to remove now.</returns>
    /// <exception cref="Symbolon.Core.Snapshot.StoreUnavailableException">The store cannot be written; nothing was removed.</exception>
    public async Task<bool> ClearAsync()
    {
        if (!isUnderWay && !await CloseAsync()) return false;
        var removed = await writer.RunAsync(transaction =>
        {
            var count = ProofRows.Clear(transaction.Connection, MostInStep);
            return (count, count > 0);
        });
        return isUnderWay = removed == MostInStep;
    }

    private async Task<bool> CloseAsync()
    {
        if (time.Now() is not { } now) return false;
        var before = UnixTime.ToMicroseconds(now - Margin);
        return await writer.RunAsync(transaction =>
        {
            var isNew = ProofRows.Close(transaction.Connection, dialect, before);
            return (isNew, isNew);
        });
    }
}
