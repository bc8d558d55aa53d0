using Symbolon.Core.Policy;
using Symbolon.Gateway.Mcp;

namespace Symbolon.Gateway.Upstreams;

/// <summary>An upstream did not do its part. The code says which; the text never repeats what the upstream said.</summary>
internal sealed class UpstreamFault(ReasonCode code, string text) : Exception(text)
{
    public ReasonCode Code => code;

    public Refusal ToRefusal() => new(code, Message) { Form = RefusalForm.Upstream };

    public static UpstreamFault Unreachable() => new(ReasonCode.UpstreamUnreachable, "The server behind the gateway cannot be reached.");

    /// <summary>It was not even tried: see <see cref="Circuit"/>.</summary>
    public static Refusal Refused(TimeSpan wait) => new(ReasonCode.UpstreamUnreachable, "The server behind the gateway cannot be reached. It was tried a moment ago, and will be again soon.")
    {
        Form = RefusalForm.Upstream,
        RetryAfter = (int)Math.Ceiling(wait.TotalSeconds),
    };

    public static UpstreamFault Invalid(string what) => new(ReasonCode.UpstreamInvalid, $"The server behind the gateway answered {what}.");

    public static UpstreamFault TooLarge(int limit) =>
        new(ReasonCode.TooLarge, $"The server behind the gateway answered more than {limit} bytes at once.");

    public static UpstreamFault TimedOut() => new(ReasonCode.UpstreamTimeout, "The server behind the gateway took too long.");
}
