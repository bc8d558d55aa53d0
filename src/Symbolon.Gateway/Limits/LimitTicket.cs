using System.Runtime.CompilerServices;
using Symbolon.Core.Policy.Limits;

namespace Symbolon.Gateway.Limits;

/// <summary>What a call has taken, until it is given back or used up for good.</summary>
internal sealed class LimitTicket : LimitAnswer.Taken
{
    private readonly Part[]? more;
    private FirstParts first;
    private int isOver;

    /// <param name="count">How many limits the call is under.</param>
    public LimitTicket(int count)
    {
        if (count > FirstParts.Length) more = new Part[count - FirstParts.Length];
        Count = count;
    }

    public int Count { get; }

    public ref Part this[int index] => ref index < FirstParts.Length ? ref first[index] : ref more![index - FirstParts.Length];

    public override void Release()
    {
        if (Interlocked.Exchange(ref isOver, 1) != 0) return;
        for (var i = 0; i < Count; i++) this[i].GiveBack(isCounted: true);
    }

    public override void End()
    {
        if (Interlocked.Exchange(ref isOver, 1) != 0) return;
        for (var i = 0; i < Count; i++)
            if (this[i].Counter.Terms.Kind == LimitKind.Concurrency) this[i].GiveBack(isCounted: true);
    }

    /// <summary>The call was never let in: nothing of it counts, rates included.</summary>
    public void Undo()
    {
        for (var i = 0; i < Count; i++) this[i].GiveBack(isCounted: false);
    }

    /// <param name="Row">That it was taken from; null while nothing is.</param>
    public record struct Part(Counter Counter, long Amount, LimitCounter? Row)
    {
        /// <param name="isCounted">The decision was made, which is what a rate counts.</param>
        public readonly void GiveBack(bool isCounted)
        {
            if (Row is not null && !(isCounted && Counter.Terms.Kind == LimitKind.Rate)) Counter.GiveBack(Row, Amount);
        }
    }

    /// <summary>Inside the ticket, so that a call under few limits allocates nothing else.</summary>
    [InlineArray(Length)]
    private struct FirstParts
    {
        public const int Length = 4;
        private Part part;
    }
}
