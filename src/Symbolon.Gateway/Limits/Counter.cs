using Symbolon.Core.Identity;
using Symbolon.Core.Policy.Limits;

namespace Symbolon.Gateway.Limits;

/// <summary>What a counter says to a call.</summary>
internal enum TakeOutcome
{
    Taken,
    Refused,

    /// <summary>Only the store knows.</summary>
    Wait,

    /// <summary>It is in the table no more: another is to be asked for there.</summary>
    Gone,
}

/// <summary>The limit, and what it is counted for.</summary>
internal readonly record struct CounterKey(OrganisationId Organisation, string Rule, LimitTerms Terms, string Key);

/// <summary>
/// One limit for one key on this node: a share of what the store counts, and who waits for more of it. Every trip to the store gives back all that is at hand
/// and asks anew, so that nothing is counted twice whatever became of the trip before. DESIGN.md in this folder.
/// </summary>
/// <param name="isShared">Other nodes take from the same rows.</param>
internal sealed class Counter(CounterKey key, bool isShared, StoreTrips trips, long now)
{
    /// <summary>A call of before the window's turn, however long its body took, counts in the new window. Microseconds.</summary>
    private const long SetBack = 15L * 60 * 1_000_000;

    /// <summary>Trips closer together than this ask for more each time. Microseconds.</summary>
    private const long Soon = 1_000_000;

    private const int MostShare = 1024;

    private readonly Lock gate = new();
    private readonly Queue<WaitingTake> waiting = new();
    private LimitCounter row = LimitCounter.Of(key.Organisation, key.Rule, key.Terms, key.Key, LimitWindow.Of(key.Terms, now));
    private Doubt doubt;

    // At hand; of what is open at once: open; of a rate: given back, though nobody held it, and what the store believes to be held; when it was used, and asked for last; what was
    // asked for beyond the need.
    private long share = IsLocalKind(key, isShared) ? key.Terms.Capacity : 0, open, pending, held, usedAt = now, askedAt, extra;
    private bool isTravelling, isStale, isRetired;

    public LimitTerms Terms => key.Terms;

    public CounterKey Key => key;

    /// <summary>No other node has a part in it, and what is open ends with the process: the store has no business with it.</summary>
    private bool IsLocal => IsLocalKind(key, isShared);

    /// <summary>So much may lie unused here while another node refuses: of a small limit nothing, so that it is hit exactly. In what the limit counts.</summary>
    private long Most => key.Terms.Burst < 64 ? 0 : key.Terms.Kind == LimitKind.Total ? key.Terms.Capacity / 64 : Math.Min(key.Terms.Capacity / 64, MostShare);

    /// <param name="retryAfter">Seconds, where it is refused.</param>
    /// <param name="taken">The row, where it is taken.</param>
    public TakeOutcome Take(long amount, long at, out LimitCounter? taken, out int retryAfter)
    {
        (taken, retryAfter) = (null, 0);
        lock (gate)
        {
            if (isRetired) return TakeOutcome.Gone;
            Turn(at);
            usedAt = at;
            if (TryTakeShare(amount))
            {
                taken = row;
                return TakeOutcome.Taken;
            }
            retryAfter = RefusedUntil(amount, at);
            return retryAfter > 0 ? TakeOutcome.Refused : TakeOutcome.Wait;
        }
    }

    /// <returns>Seconds for which it is known to be refused; 0 where it is not.</returns>
    public int Refuses(long amount, long at)
    {
        lock (gate)
        {
            Turn(at);
            return amount <= share ? 0 : RefusedUntil(amount, at);
        }
    }

    /// <returns>False when it is in the table no more.</returns>
    public bool TryWait(WaitingTake take)
    {
        lock (gate)
        {
            if (isRetired) return false;
            waiting.Enqueue(take);
            if (isTravelling) return true;
            isTravelling = true;
        }
        trips.Add(this);
        return true;
    }

    /// <param name="from">Of a window that is over nothing comes back.</param>
    public void GiveBack(LimitCounter from, long amount)
    {
        lock (gate)
        {
            // Another counter may hold a share of the same rate by now: one call too few, then, and not one too many.
            if (key.Terms.Kind == LimitKind.Rate) pending += isRetired ? 0 : amount;
            else if (from == row) share += amount;
            if (key.Terms.Kind == LimitKind.Concurrency) open -= amount;
            if (isTravelling || !(HasTooMuch || (isRetired && share > 0))) return;
            isTravelling = true;
        }
        trips.Add(this);
    }

    /// <summary>Gives back what is not used, so that others have it, and says again what a lost trip may have left unsaid.</summary>
    public void Return(long at, TimeSpan idle)
    {
        lock (gate)
        {
            if (isTravelling || IsLocal) return;
            if (!isStale && (share + pending + held == 0 || !IsIdle(at, idle))) return;
            isTravelling = true;
        }
        trips.Add(this);
    }

    /// <returns>Whether nobody will find it again, since nothing is lost with it.</returns>
    public bool TryRetire(long at, TimeSpan idle)
    {
        lock (gate)
            return isRetired = !isTravelling && waiting.Count == 0 && !isStale && open + pending + held == 0 && (share == 0 || IsLocal) && IsIdle(at, idle);
    }

    /// <summary>What is at hand, for who only looks.</summary>
    public long Look(long at)
    {
        lock (gate)
        {
            Turn(at);
            return share + pending;
        }
    }

    /// <summary>Begins a trip: takes along all that is at hand and those who wait.</summary>
    public CounterTrip Load(long at)
    {
        lock (gate)
        {
            Turn(at);
            var trip = new CounterTrip(this, row);
            while (!trip.IsFull && waiting.TryDequeue(out var take))
            {
                if (take.IsSettled) continue;
                if (TryTakeShare(take.Amount)) Settle(take, row);
                else trip.Add(take);
            }
            var isFirst = at - askedAt is > Soon or < 0;
            if (trip.Asked > 0) (extra, askedAt) = (isFirst ? 0 : Math.Min(Most, Math.Max(extra * 2, trip.Asked)), at);
            var isDue = share + pending + held > 0 || isStale;
            if (trip.Asked > 0 || isDue)
                trip.Build(back: key.Terms.Kind == LimitKind.Concurrency ? 0 : share + pending, holds: open, trip.Asked > 0 ? extra : 0, isDue);
            if (share + pending > 0) doubt = default;
            (share, pending, held, isStale) = (0, 0, 0, false);
            return trip;
        }
    }

    /// <summary>Ends a trip.</summary>
    /// <param name="isKnown">The store has answered.</param>
    public void Unload(CounterTrip trip, bool isKnown, long at)
    {
        lock (gate)
        {
            if (!isKnown)
            {
                foreach (var (take, _) in trip.Takes) take.Fail();
                // What this node holds is to be said again: it may be less than the store believes.
                isStale = key.Terms.Kind is LimitKind.Rate or LimitKind.Concurrency;
            }
            else Distribute(trip, at);
            isTravelling = waiting.Count > 0 || HasTooMuch;
            if (!isTravelling) return;
        }
        trips.Add(this);
    }

    private void Distribute(CounterTrip trip, long at)
    {
        var isOver = trip.Row != row;
        var beyond = trip.TakeExtra();
        if (!isOver) share += beyond;
        if (key.Terms.Kind == LimitKind.Rate) held = beyond;
        foreach (var (take, request) in trip.Takes)
        {
            if (CounterTrip.TryPay(request))
            {
                if (take.TryTake(trip.Row)) open += key.Terms.Kind == LimitKind.Concurrency ? take.Amount : 0;
                else if (key.Terms.Kind == LimitKind.Rate) pending += take.Amount;
                else if (!isOver) share += take.Amount;
            }
            else if (!isOver && TryTakeShare(take.Amount)) Settle(take, row);
            else
            {
                var found = Doubt.Of(request, at);
                if (!isOver) doubt = found.Join(doubt, at);
                take.Refuse(found.Seconds(at));
            }
        }
    }

    /// <summary>The amount has been taken from what is at hand.</summary>
    private void Settle(WaitingTake take, LimitCounter from)
    {
        if (take.TryTake(from)) return;
        share += take.Amount;
        if (key.Terms.Kind == LimitKind.Concurrency) open -= take.Amount;
    }

    private bool TryTakeShare(long amount)
    {
        if (amount > share) return false;
        share -= amount;
        if (key.Terms.Kind == LimitKind.Concurrency) open += amount;
        return true;
    }

    private int RefusedUntil(long amount, long at) =>
        IsLocal ? 1 : amount > key.Terms.Capacity ? Doubt.Of(row, at).Seconds(at) : doubt.Covers(amount, at) ? doubt.Seconds(at) : 0;

    /// <summary>A new window begins with nothing at hand. One that a slow call is still in has turned already.</summary>
    private void Turn(long at)
    {
        if (at < row.Window.End && at >= row.Window.Start - SetBack) return;
        row = LimitCounter.Of(key.Organisation, key.Rule, key.Terms, key.Key, LimitWindow.Of(key.Terms, at));
        (share, extra, doubt) = (0, 0, default);
    }

    /// <summary>More than a node may keep while others might need it.</summary>
    private bool HasTooMuch => isShared && (pending > 0 || share > Most);

    private bool IsIdle(long at, TimeSpan idle) => at - usedAt is var since && (since < 0 || since >= idle.Ticks / TimeSpan.TicksPerMicrosecond);

    private static bool IsLocalKind(CounterKey key, bool isShared) => key.Terms.Kind == LimitKind.Concurrency && !isShared;
}
