using System.Net;
using Symbolon.Core.Tools;
using Symbolon.Gateway.Mcp;
using Symbolon.Gateway.Upstreams;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>
/// Takes up a stream that the upstream of a legacy session closed before its answer, by GET behind the last event that had an id
/// (2025-11-25, Resumability and Redelivery). The request itself is never sent again, and neither silence nor the whole-call deadline
/// are put off by it.
/// </summary>
internal sealed class StreamResumption(TimeProvider clock)
{
    /// <summary>A request whose stream was taken up so often is given up.</summary>
    private const int Most = 2000;

    /// <summary>Where the upstream names none.</summary>
    private static readonly TimeSpan DefaultPause = TimeSpan.FromSeconds(1);

    /// <summary>An upstream that wants it sooner gets it no sooner.</summary>
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(250);

    /// <summary>Whether what is missing of the stream can be asked for.</summary>
    public static bool IsPossible(Exchange exchange) => exchange is { Era: Era.Legacy, Session: not null } && exchange.Framer.Resume.Id is not null;

    /// <summary>Waits as the upstream asked, and opens the rest of the stream.</summary>
    /// <returns>Null when <see cref="Exchange.Rest"/> goes on; else how the request ended.</returns>
    /// <exception cref="UpstreamFault">There is nothing to go on with.</exception>
    public async ValueTask<Reply?> ResumeAsync(Exchange exchange)
    {
        if (exchange.IsCancelledByClient) return Reply.Silence.Cancelled;
        if (!IsPossible(exchange)) throw UpstreamFault.Invalid("a stream that ends without a response");
        if (++exchange.Resumptions > Most) throw UpstreamFault.Invalid($"{Most} streams that end without a response");
        LetGo(exchange);
        await Task.Delay(PauseOf(exchange.Framer.Resume), clock, exchange.Stop);
        if (exchange.IsCancelledByClient) return Reply.Silence.Cancelled;
        exchange.Request = Forwarding.Listen(exchange, exchange.Framer.Resume.Id);
        var response = exchange.Response = await exchange.Upstream!.Invoker.SendAsync(exchange.Request, exchange.Stop);
        exchange.UpstreamStatus = (int)response.StatusCode;
        if (response.StatusCode == HttpStatusCode.NotFound) return new Reply.Failed(UpstreamRefusals.UnknownSession);
        if ((int)response.StatusCode is 502 or 503 or 504) throw UpstreamFault.Unreachable();
        if (response.StatusCode != HttpStatusCode.OK) throw UpstreamFault.Invalid($"status {(int)response.StatusCode} to who asked for the rest of its stream");
        if (!UpstreamAnswer.IsEvents(response)) throw UpstreamFault.Invalid("no events to who asked for the rest of its stream");
        exchange.Rest = await response.Content.ReadAsStreamAsync(exchange.Stop);
        return null;
    }

    /// <summary>What is over takes no connection while we wait, and half an event is none.</summary>
    private static void LetGo(Exchange exchange)
    {
        exchange.Rest = null;
        exchange.Response?.Dispose();
        exchange.Response = null;
        exchange.Request?.Dispose();
        exchange.Request = null;
        // An upstream may answer before it has read the whole request, so that this is still being sent.
        exchange.Outgoing.Abandon();
        exchange.Incoming.Clear();
        exchange.Framer.BeginStream();
    }

    private static TimeSpan PauseOf(ResumePoint point)
    {
        var asked = point.Retry ?? DefaultPause;
        return asked < ShortestPause ? ShortestPause : asked;
    }
}
