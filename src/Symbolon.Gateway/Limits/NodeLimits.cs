using Symbolon.Core.Identity;
using Symbolon.Core.Policy.Limits;
using Symbolon.Core.Snapshot;

namespace Symbolon.Gateway.Limits;

/// <summary>The limits as this node keeps them: from what it has at hand, else from the store. DESIGN.md in this folder.</summary>
internal sealed class NodeLimits(CounterTable counters, ILimitStore store, TimeProvider clock) : ILimits
{
    /// <summary>As long as a call waits for its record.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public ValueTask<LimitAnswer> TakeAsync(OrganisationId organisation, IReadOnlyList<LimitUse> uses, long now, CancellationToken cancellation)
    {
        if (uses.Count == 0) return new(LimitAnswer.Taken.Nothing);
        var ticket = new LimitTicket(uses.Count);
        for (var i = 0; i < uses.Count; i++)
        {
            var use = Checked(uses[i]);
            if (counters.Find(KeyOf(organisation, use), now) is not { } counter) return new(LimitAnswer.Unavailable.Instance);
            // Looked at first: what is refused anyway should take nothing from the others that it would have to give back.
            if (use.Amount > 0 && uses.Count > 1 && counter.Refuses(use.Amount, now) is > 0 and var seconds) return new(new LimitAnswer.Refused(use.Rule, seconds));
            ticket[i] = new LimitTicket.Part(counter, use.Amount, null);
        }
        var isMissing = false;
        for (var i = 0; i < ticket.Count; i++)
        {
            ref var part = ref ticket[i];
            // Nothing can always be added to a total.
            if (part.Amount == 0) continue;
            var outcome = part.Counter.Take(part.Amount, now, out var row, out var retryAfter);
            part.Row = row;
            isMissing |= outcome is TakeOutcome.Wait or TakeOutcome.Gone;
            if (outcome != TakeOutcome.Refused) continue;
            ticket.Undo();
            return new(new LimitAnswer.Refused(uses[i].Rule, retryAfter));
        }
        return isMissing ? WaitAsync(ticket, now, cancellation) : new(ticket);
    }

    public async ValueTask<LimitAnswer> PeekAsync(OrganisationId organisation, IReadOnlyList<LimitUse> uses, long now, CancellationToken cancellation)
    {
        var requests = new List<LimitRequest>();
        var refused = default(LimitAnswer.Refused);
        for (var i = 0; i < uses.Count; i++)
        {
            var use = Checked(uses[i]);
            var row = LimitCounter.Of(organisation, use.Rule, use.Terms, use.Key, LimitWindow.Of(use.Terms, now));
            var isLocal = use.Terms.Kind == LimitKind.Concurrency && !store.IsShared;
            var share = counters.Known(KeyOf(organisation, use))?.Look(now) ?? (isLocal ? use.Terms.Capacity : 0);
            if (use.Amount <= share) continue;
            if (isLocal || use.Amount > use.Terms.Capacity) refused = Later(refused, use.Rule, Doubt.Of(row, now).Seconds(now));
            else requests.Add(new LimitRequest(row) { Unit = use.Amount - share, Count = 1 });
        }
        try
        {
            if (requests.Count > 0) await store.PeekAsync(requests, now, cancellation).WaitAsync(Patience, clock, cancellation);
        }
        catch (Exception lost) when (lost is StoreUnavailableException or TimeoutException)
        {
            return LimitAnswer.Unavailable.Instance;
        }
        foreach (var request in requests)
            if (request.Granted < request.Unit) refused = Later(refused, request.Counter.Rule, Doubt.Of(request, now).Seconds(now));
        return refused ?? (LimitAnswer)LimitAnswer.Taken.Nothing;
    }

    private async ValueTask<LimitAnswer> WaitAsync(LimitTicket ticket, long now, CancellationToken cancellation)
    {
        var takes = new WaitingTake?[ticket.Count];
        for (var i = 0; i < takes.Length; i++)
        {
            if (ticket[i] is not { Row: null, Amount: > 0 } part) continue;
            if (!TryWait(part, now, takes[i] = new WaitingTake(part.Amount), out var counter)) takes[i]!.Fail();
            else ticket[i] = part with { Counter = counter };
        }
        try
        {
            await Task.WhenAll(Settled(takes)).WaitAsync(Patience, clock, cancellation);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            foreach (var take in takes) take?.Fail();
            // One that was being answered at this moment has its answer now.
            await Task.WhenAll(Settled(takes));
        }
        var answer = Collect(ticket, takes);
        if (answer is LimitTicket && !cancellation.IsCancellationRequested) return answer;
        ticket.Undo();
        cancellation.ThrowIfCancellationRequested();
        return answer;
    }

    private static IEnumerable<Task> Settled(WaitingTake?[] takes) => takes.Select(take => take?.Settled ?? Task.CompletedTask);

    /// <summary>A counter that was dropped meanwhile is found anew.</summary>
    private bool TryWait(LimitTicket.Part part, long now, WaitingTake take, out Counter counter)
    {
        counter = part.Counter;
        while (!counter.TryWait(take))
        {
            if (counters.Find(part.Counter.Key, now) is not { } found) return false;
            counter = found;
        }
        return true;
    }

    /// <summary>All of them, or why not: the refusal that lasts longest, and none that is certain where something is not known.</summary>
    private static LimitAnswer Collect(LimitTicket ticket, WaitingTake?[] takes)
    {
        LimitAnswer.Refused? refused = null;
        var isKnown = true;
        for (var i = 0; i < takes.Length; i++)
        {
            if (takes[i] is not { } take) continue;
            ticket[i] = ticket[i] with { Row = take.Taken };
            if (take.RetryAfter > 0) refused = Later(refused, ticket[i].Counter.Key.Rule, take.RetryAfter);
            else isKnown &= take.Taken is not null;
        }
        return refused ?? (isKnown ? ticket : (LimitAnswer)LimitAnswer.Unavailable.Instance);
    }

    private static LimitAnswer.Refused Later(LimitAnswer.Refused? one, string rule, int seconds) =>
        one is not null && one.RetryAfter >= seconds ? one : new LimitAnswer.Refused(rule, seconds);

    private static CounterKey KeyOf(OrganisationId organisation, in LimitUse use) => new(organisation, use.Rule, use.Terms, use.Key);

    private static LimitUse Checked(in LimitUse use)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(use.Amount);
        if (use.Terms.Kind != LimitKind.Total) ArgumentOutOfRangeException.ThrowIfNotEqual(use.Amount, 1);
        return use;
    }
}
