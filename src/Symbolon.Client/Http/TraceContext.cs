using System.Diagnostics;

namespace Symbolon.Client.Http;

/// <summary>The trace that a call came with: one call is one trace, through every hop.</summary>
internal sealed record TraceContext(string Parent, string? State)
{
    /// <summary>Where the program traces by itself, the handler at the end names its own span instead.</summary>
    public void AddTo(HttpRequestMessage request)
    {
        if (Activity.Current is not null || request.Headers.Contains("traceparent")) return;
        request.Headers.TryAddWithoutValidation("traceparent", Parent);
        if (State is not null) request.Headers.TryAddWithoutValidation("tracestate", State);
    }
}
