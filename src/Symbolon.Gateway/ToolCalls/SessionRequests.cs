using System.Net;
using Microsoft.AspNetCore.Http;
using Symbolon.Core.Tools;
using Symbolon.Gateway.Mcp;
using Symbolon.Gateway.Upstreams;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>GET and DELETE of a legacy session: its stream of notifications, and its end. The modern era has neither.</summary>
internal sealed class SessionRequests(
    RequestEra eras, UpstreamDirectory upstreams, CallCredentials credentials, UpstreamRefusals refusals, CallRecord record)
{
    private static readonly Reply.Refused NotOffered = new(
        Refusal.Malformed("This server offers no stream here.") with { Form = RefusalForm.MethodNotAllowed, Allow = "POST" });

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
        if (await eras.EnsureSpokenAsync(exchange) is { } unspoken) return unspoken is Reply.Refused ? NotOffered : unspoken;
        if (await credentials.FindAsync(exchange) is { } refused) return refused;
        if (UpstreamProbe.Take(exchange) is { } away) return away;
        try
        {
            return HttpMethods.IsDelete(exchange.Http.Request.Method) ? await EndAsync(exchange) : await ListenAsync(exchange);
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException or UpstreamFault)
        {
            UpstreamProbe.Failed(exchange, e);
            // The record of a stream was closed when it began; what is left to say is that it ends.
            return exchange.IsListening ? Reply.Silence.Completed : UpstreamRelay.WhyFailed(exchange, e);
        }
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
        using var request = UpstreamRequest.Get(exchange.Upstream!.Url, exchange.Credential, exchange.Revision?.Text, exchange.Session?.Id);
        var response = exchange.Response = await exchange.Upstream.Invoker.SendAsync(request, exchange.Stop);
        exchange.UpstreamStatus = (int)response.StatusCode;
        UpstreamProbe.Answered(exchange);
        if (response.StatusCode != HttpStatusCode.OK) return Explain(exchange, response.StatusCode);
        if (!UpstreamAnswer.IsEvents(response)) throw UpstreamFault.Invalid("no events");
        exchange.IsWaiting = false;

        var opened = await record.CloseAsync(exchange, Reply.Silence.Completed);
        if (opened is not Reply.Silence) return opened;
        exchange.IsListening = true;
        exchange.WatchClient();
        McpResponseWriter.BeginEvents(exchange.Http.Response);
        exchange.HasBegun = true;
        await exchange.Http.Response.BodyWriter.FlushAsync(exchange.Stop);
        await RelayAsync(exchange, await response.Content.ReadAsStreamAsync(exchange.Stop));
        return Reply.Silence.Completed;
    }

    private async Task RelayAsync(Exchange exchange, Stream stream)
    {
        var incoming = exchange.Incoming;
        while (await UpstreamAnswer.ReadMoreAsync(stream, incoming, exchange.Stop))
        {
            var wrote = false;
            while (exchange.Framer.Next(incoming.Writable[exchange.Head..], out var consumed) is var item and not SseItem.More)
            {
                if (item == SseItem.Event) wrote |= Take(exchange, new Slice(exchange.Head + exchange.Framer.Data.Offset, exchange.Framer.Data.Length));
                else
                {
                    McpResponseWriter.WriteComment(exchange.Http.Response);
                    wrote = true;
                }
                exchange.Head += consumed;
            }
            if (wrote) await exchange.Http.Response.BodyWriter.FlushAsync(exchange.Stop);
            incoming.Consume(exchange.Head);
            exchange.Head = 0;
            if (incoming.Length > exchange.Upstream!.Limits.AnswerBytes) throw UpstreamFault.TooLarge(exchange.Upstream!.Limits.AnswerBytes);
        }
    }

    /// <summary>On this stream there are notifications only; nobody asked anything that a response could answer.</summary>
    private bool Take(Exchange exchange, Slice place)
    {
        var message = place.In(exchange.Incoming.Span);
        UpstreamRelay.RequireNoCredential(exchange, message);
        switch (exchange.Envelope.Read(message))
        {
            case AnswerKind.Request:
                refusals.Answer(exchange, message);
                return false;
            case AnswerKind.Notification when RelayedNotifications.MayPass(exchange, message):
                McpResponseWriter.WriteEvent(exchange.Http.Response, message);
                return true;
            case AnswerKind.Result or AnswerKind.Error:
                refusals.RecordDropped(exchange);
                return false;
            default:
                return false;
        }
    }

    /// <summary>Failed, not refused: the request went out.</summary>
    private static Reply.Failed Explain(Exchange exchange, HttpStatusCode status) => status switch
    {
        HttpStatusCode.MethodNotAllowed => new Reply.Failed(NotOffered.Why),
        HttpStatusCode.NotFound when exchange.Session is not null => new Reply.Failed(UpstreamRefusals.UnknownSession),
        HttpStatusCode.BadRequest => new Reply.Failed(Refusal.Malformed("The server behind the gateway needs a session: initialize first.")),
        _ => throw UpstreamFault.Invalid($"status {(int)status}"),
    };
}
