using Symbolon.Core.Identity;

namespace Symbolon.Core.Policy.Limits;

/// <summary>One limit that a call is under.</summary>
/// <param name="Rule">The policy and its rule, <c>policy/rule</c>.</param>
/// <param name="Key">By <see cref="LimitKey.Of"/>.</param>
/// <param name="Amount">What the call adds: 1, but for a total, which counts millionths, from 0 on.</param>
public readonly record struct LimitUse(string Rule, LimitTerms Terms, string Key, long Amount = 1);

/// <summary>
/// Counts calls against limits, for all nodes of one store together. Never more than a limit says is given out; at most a 64th of it, and never of a limit
/// under 64, is unused on other nodes when one is refused.
/// </summary>
public interface ILimits
{
    /// <summary>
    /// Takes from all of them or from none: what a refused call would have used is as if it had not been. Completes at once while this node has a share
    /// at hand, else after one commit of the store.
    /// </summary>
    /// <param name="now">Microseconds since the Unix epoch, of this call.</param>
    /// <returns>After 2 s without the store <see cref="LimitAnswer.Unavailable"/>: the call must be refused (503), since nobody knows whether it may be.</returns>
    ValueTask<LimitAnswer> TakeAsync(OrganisationId organisation, IReadOnlyList<LimitUse> uses, long now, CancellationToken cancellation);

    /// <summary>Whether all would be taken, without taking; as the store says it now. A <see cref="LimitAnswer.Taken"/> of it holds nothing.</summary>
    ValueTask<LimitAnswer> PeekAsync(OrganisationId organisation, IReadOnlyList<LimitUse> uses, long now, CancellationToken cancellation);
}

/// <summary>What comes of asking for what limits allow.</summary>
public abstract class LimitAnswer
{
    private LimitAnswer() { }

    /// <summary>
    /// The call may be. Whoever has it calls <see cref="Release"/> or <see cref="End"/> once; of more calls the first counts, from whichever thread.
    /// </summary>
    public abstract class Taken : LimitAnswer
    {
        /// <summary>Of no limit.</summary>
        public static readonly Taken Nothing = new NothingTaken();

        /// <summary>The call was not forwarded: quotas, totals and what is open are given back. Rates stay counted.</summary>
        public abstract void Release();

        /// <summary>The call has ended: it is open no more.</summary>
        public abstract void End();
    }

    /// <summary>A limit is reached.</summary>
    /// <param name="rule">Whose, <c>policy/rule</c>.</param>
    /// <param name="retryAfter">Seconds, at least 1, until it may be asked again: for a rate until enough has flowed in, for a window until its end.</param>
    public sealed class Refused(string rule, int retryAfter) : LimitAnswer
    {
        public string Rule => rule;

        public int RetryAfter => retryAfter;
    }

    /// <summary>Nobody knows: the store did not answer, or this node counts more keys than it has room for.</summary>
    public sealed class Unavailable : LimitAnswer
    {
        public static readonly Unavailable Instance = new();

        private Unavailable() { }
    }

    private sealed class NothingTaken : Taken
    {
        public override void Release() { }

        public override void End() { }
    }
}
