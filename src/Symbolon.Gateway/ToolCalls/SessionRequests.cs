using System.Net;
using Microsoft.AspNetCore.Http;
using Symbolon.Core.Audit;
using Symbolon.Core.Policy;
using Symbolon.Core.Tools;
using Symbolon.Gateway.Mcp;
using Symbolon.Gateway.Upstreams;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>
/// GET and DELETE of a legacy session: its stream of notifications, the rest of a stream that broke (<c>Last-Event-ID</c>), and its end. The modern era has none of them.
/// </summary>
internal sealed class SessionRequests(
    RequestEra eras, UpstreamDirectory upstreams, CallCredentials credentials, EventIds ids, OpenExchanges open, ListeningRelay listening, CallRecord record)
{
    private static readonly Reply.Refused NotOffered = new(
        Refusal.Malformed("This server offers no stream here.") with { Form = RefusalForm.MethodNotAllowed, Allow = "POST" });

    private static readonly Reply.Refused UnknownEvent = new(
        Refusal.Malformed("Last-Event-ID is none that was given to you in this session, or it has expired. Open the stream without it."));

    private static readonly Reply.Refused NoLonger = new(
        new Refusal(ReasonCode.NotGranted, "What this stream answers is no longer yours to have.") { Form = RefusalForm.NoLongerYours });

    public async ValueTask<Reply> AnswerAsync(Exchange exchange)
    {
        exchange.Upstream = upstreams.For(exchange.Caller!.Record.Organisation, exchange.Standing!.Server);
        if (exchange.IsServerSuspended) return new Reply.Refused(ToolRefusals.ServerSuspended);
        var version = exchange.Http.Request.Headers[McpHeaders.Version].ToString();
        if (version.Length > 0)
        {
            if (!ProtocolRevision.TryParse(version, out var revision)) return new Reply.Refused(McpHeaders.Unsupported(version, ProtocolVersions.Legacy));
            if (revision.Era == Era.Modern) return NotOffered;
            exchange.Revision = revision;
        }
        if (eras.OpenSession(exchange) is { } foreign) return foreign;
        if (TakePlace(exchange) is { } refused) return refused;
        if (await eras.EnsureSpokenAsync(exchange) is { } unspoken) return unspoken is Reply.Refused ? NotOffered : unspoken;
        if (await credentials.FindAsync(exchange) is { } unshown) return unshown;
        if (UpstreamProbe.Take(exchange) is { } away) return away;
        try
        {
            return HttpMethods.IsDelete(exchange.Http.Request.Method) ? await EndAsync(exchange) : await ListenAsync(exchange);
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException or UpstreamFault)
        {
            UpstreamProbe.Failed(exchange, e);
            if (exchange is { IsListening: true, Resumed: { Method: not McpMethod.None } place }) exchange.Message.Answer(place.RequestId);
            // The record of a stream was closed when it began; what is left to say is that it ends, and to whoever waits for an answer why.
            return exchange is { IsListening: true, Message.Id.IsPresent: false } ? Reply.Silence.Completed : UpstreamRelay.WhyFailed(exchange, e);
        }
    }

    /// <summary>Whoever takes a stream up again is asked once more whether he may have what it answers.</summary>
    private Reply.Refused? TakePlace(Exchange exchange)
    {
        var header = exchange.Http.Request.Headers[McpHeaders.LastEvent];
        if (header.Count == 0 || !HttpMethods.IsGet(exchange.Http.Request.Method)) return null;
        if (header.Count != 1 || ids.Open(exchange, header[0]!) is not { } place) return UnknownEvent;
        exchange.Resumed = place;
        // From here on the sweep looks at them, too: what is taken back meanwhile ends the stream.
        if (place.Method == McpMethod.ToolsCall) exchange.Tool = exchange.Standing!.Reach[place.Target];
        else exchange.Target = FeatureTarget.Of(place.Method, place.Target);
        exchange.Feature = exchange.Target?.In(exchange.Standing!.Reach);
        return place.Method == McpMethod.None || exchange.Tool is { IsAllowed: true, IsSuspended: false } || exchange.Feature is { IsAllowed: true } ? null : NoLonger;
    }

    private static async ValueTask<Reply> EndAsync(Exchange exchange)
    {
        exchange.IsWaiting = true;
        using var request = UpstreamRequest.Delete(exchange.Upstream!.Url, exchange.Credential, exchange.Revision?.Text, exchange.Session?.Id);
        Forwarding.MarkCaller(exchange, request);
        using var response = await exchange.Upstream.Invoker.SendAsync(request, exchange.Stop);
        exchange.UpstreamStatus = (int)response.StatusCode;
        UpstreamProbe.Answered(exchange);
        return response.IsSuccessStatusCode ? Reply.Bare.Done : Explain(exchange, response.StatusCode);
    }

    private async ValueTask<Reply> ListenAsync(Exchange exchange)
    {
        exchange.IsWaiting = true;
        // Whoever comes for the rest does not wait for it elsewhere, and a server gives a stream to one at a time.
        if (exchange.Resumed is { Method: not McpMethod.None } place) await open.DetachAsync(place.Call, exchange);
        using var request = Forwarding.Listen(exchange, exchange.Resumed?.LastEvent);
        var response = exchange.Response = await exchange.Upstream!.Invoker.SendAsync(request, exchange.Stop);
        exchange.UpstreamStatus = (int)response.StatusCode;
        UpstreamProbe.Answered(exchange);
        if (response.StatusCode != HttpStatusCode.OK)
            return exchange.Resumed is { Method: not McpMethod.None } lost && response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed
                ? await EndCallAsync(exchange, lost)
                : Explain(exchange, response.StatusCode);
        if (!UpstreamAnswer.IsEvents(response)) throw UpstreamFault.Invalid("no events");
        exchange.IsWaiting = false;
        return await listening.RunAsync(exchange, await response.Content.ReadAsStreamAsync(exchange.Stop));
    }

    /// <summary>The server has lost what is missing: the client waits for an answer to its call, and gets one.</summary>
    private async ValueTask<Reply> EndCallAsync(Exchange exchange, StreamPlace place)
    {
        if (!await record.AppendResumedAsync(exchange, place, CallOutcome.Failed, size: 0)) return new Reply.Failed(Refusal.AuditUnavailable);
        exchange.Message.Answer(place.RequestId);
        McpResponseWriter.BeginEvents(exchange.Http.Response);
        exchange.HasBegun = true;
        return new Reply.Failed(UpstreamFault.Invalid($"status {exchange.UpstreamStatus} to who asked for the rest of its stream").ToRefusal());
    }

    /// <summary>Failed, not refused: the request went out.</summary>
    private static Reply.Failed Explain(Exchange exchange, HttpStatusCode status) => status switch
    {
        HttpStatusCode.MethodNotAllowed => new Reply.Failed(NotOffered.Why),
        HttpStatusCode.NotFound when exchange.Session is not null => new Reply.Failed(UpstreamRefusals.UnknownSession),
        HttpStatusCode.BadRequest => new Reply.Failed(Refusal.Malformed("The server behind the gateway needs a session: initialize first.")),
        HttpStatusCode.Conflict => new Reply.Failed(Refusal.Malformed("This stream is open already. Try again when it has ended.") with { RetryAfter = 1 }),
        _ => throw UpstreamFault.Invalid($"status {(int)status}"),
    };
}
