namespace Symbolon.Client.Calls;

/// <summary>The call that a server is answering at this moment.</summary>
/// <param name="Token">The call token that the gateway sent with it. It goes to Symbolon to be exchanged, and nowhere else.</param>
/// <param name="TraceParent">The header <c>traceparent</c> that came with it (W3C Trace Context §3.2), null for none.</param>
/// <param name="TraceState">The header <c>tracestate</c>.</param>
public sealed record IncomingCall(string Token, string? TraceParent = null, string? TraceState = null)
{
    public override string ToString() => $"{nameof(IncomingCall)} {TraceParent}";
}
