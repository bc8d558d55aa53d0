using Symbolon.Core.Policy;
using Symbolon.Gateway.Upstreams;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>What a request asks the <see cref="Circuit"/> of its server before it goes out, and what it tells it after.</summary>
internal static class UpstreamProbe
{
    /// <summary>Refuses at once what could not go out; takes no turn, since what passes here may still be refused.</summary>
    public static Reply.Failed? Look(Exchange exchange)
    {
        var circuit = exchange.Upstream!.Circuit;
        if (circuit.IsClosed) return null;
        exchange.TellsCircuit = true;
        return Of(circuit.Left());
    }

    /// <summary>Right before sending: while the server is away, this is the one request that may.</summary>
    public static Reply.Failed? Take(Exchange exchange) => exchange.TellsCircuit ? Of(exchange.Upstream!.Circuit.Ask()) : null;

    /// <summary>What a proxy says in the place of a server that is away tells nothing either way.</summary>
    public static void Answered(Exchange exchange)
    {
        if (exchange.TellsCircuit && exchange.UpstreamStatus is not (502 or 503 or 504)) exchange.Upstream!.Circuit.Answered();
    }

    public static void Failed(Exchange exchange, Exception e)
    {
        if (IsOfTheConnection(exchange, e)) exchange.Upstream!.Circuit.Failed();
    }

    /// <summary>
    /// Nothing came back, and that was nobody's wish. A server that is silent, breaks off, or has a process for each caller, is counted only where it fails
    /// the gateway's own reading too: with a slow or breaking tool alone, one caller could shut out all others.
    /// </summary>
    private static bool IsOfTheConnection(Exchange exchange, Exception e) =>
        exchange.UpstreamStatus is null && !exchange.HasClientLeft && !exchange.IsCancelledByClient && exchange.StopReason switch
        {
            null when e is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError } => true,
            null => e is HttpRequestException or IOException or UpstreamFault { Code: ReasonCode.UpstreamUnreachable } && exchange.Upstream![exchange.Era].HasFailedSince,
            { Code: ReasonCode.UpstreamTimeout } => exchange.Upstream![exchange.Era].HasFailedSince,
            _ => false,
        };

    private static Reply.Failed? Of(TimeSpan wait) => wait > TimeSpan.Zero ? new Reply.Failed(UpstreamFault.Refused(wait)) : null;
}
