using Symbolon.Core.Audit;
using Symbolon.Core.Policy;
using Symbolon.Gateway.Mcp;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>How a request is answered, decided before its record is closed and sent only after that is durable.</summary>
internal abstract record Reply
{
    private Reply() { }

    public abstract CallOutcome Outcome { get; }

    public virtual ReasonCode? Code => null;

    /// <summary>The message in <see cref="Exchange.Answer"/>.</summary>
    public sealed record Message(CallOutcome End, int Status = 200) : Reply
    {
        public static readonly Message Completed = new(CallOutcome.Completed);
        public static readonly Message ToolError = new(CallOutcome.ToolError);
        public static readonly Message UpstreamError = new(CallOutcome.UpstreamError);

        public override CallOutcome Outcome => End;
    }

    /// <summary>A status without a body.</summary>
    public sealed record Bare(int Status) : Reply
    {
        public static readonly Bare Accepted = new(202);
        public static readonly Bare Done = new(200);

        public override CallOutcome Outcome => CallOutcome.Completed;
    }

    public sealed record Refused(Refusal Why) : Reply
    {
        public override CallOutcome Outcome => CallOutcome.Refused;

        public override ReasonCode? Code => Why.Code;
    }

    /// <summary>It went out, but no usable answer came.</summary>
    public sealed record Failed(Refusal Why) : Reply
    {
        public override CallOutcome Outcome => CallOutcome.Failed;

        public override ReasonCode? Code => Why.Code;
    }

    /// <summary>Nobody waits for an answer any more.</summary>
    public sealed record Silence(CallOutcome End) : Reply
    {
        public static readonly Silence Cancelled = new(CallOutcome.Cancelled);
        public static readonly Silence Deferred = new(CallOutcome.Deferred);
        public static readonly Silence Completed = new(CallOutcome.Completed);

        public override CallOutcome Outcome => End;
    }
}
