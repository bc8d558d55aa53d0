using System.Net;
using Symbolon.Gateway.Mcp;
using Symbolon.Gateway.Upstreams;
using Symbolon.Jose.Json;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>
/// <c>subscriptions/listen</c> (2026-07-28): the server is asked for no more than what this caller may be told of, and each notification is decided again
/// when it passes. The stream ends with the caller's standing, its client, or its server.
/// </summary>
internal sealed class Subscriptions(Forwarder forwarder, CallRules rules, UpstreamRelay relay, ListeningRelay listening)
{
    public async ValueTask<Reply> AnswerAsync(Exchange exchange)
    {
        if (await rules.PrepareListAsync(exchange) is { } unknown) return unknown;
        exchange.Message.Opened = Cut(exchange);
        if (await forwarder.PrepareAsync(exchange) is { } ended) return ended;
        if (UpstreamProbe.Take(exchange) is { } away) return away;
        try
        {
            return await ListenAsync(exchange);
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException or UpstreamFault)
        {
            exchange.Outgoing.Abandon();
            UpstreamProbe.Failed(exchange, e);
            return UpstreamRelay.WhyFailed(exchange, e);
        }
    }

    private async ValueTask<Reply> ListenAsync(Exchange exchange)
    {
        exchange.IsWaiting = true;
        var response = exchange.Response = await exchange.Upstream!.Invoker.SendAsync(exchange.Request!, exchange.Stop);
        exchange.UpstreamStatus = (int)response.StatusCode;
        UpstreamProbe.Answered(exchange);
        if (response.StatusCode != HttpStatusCode.OK || !UpstreamAnswer.IsEvents(response))
            return await relay.ReadAsync(exchange, response) ?? Forwarder.RequireComplete(exchange) ?? OtherRequests.AnswerOf(exchange);
        exchange.IsWaiting = false;
        return await listening.RunAsync(exchange, await response.Content.ReadAsStreamAsync(exchange.Stop));
    }

    /// <summary>What was asked for, cut to what this caller may have, as the server is asked for it.</summary>
    private byte[] Cut(Exchange exchange)
    {
        var reach = exchange.Standing!.Reach;
        var written = new ByteBuffer();
        written.Write("{"u8);
        var first = true;
        foreach (var member in JsonValue.Root(exchange.Message.At(exchange.Message.Notifications)).Members)
        {
            if (member.NameEquals("resourceSubscriptions"u8)) WriteResources(member.Value, uri => reach.Resource(uri).IsAllowed && rules.MayHaveResource(exchange, uri), written, ref first);
            else if (member.NameEquals("toolsListChanged"u8)
                || (member.NameEquals("promptsListChanged"u8) && reach.HasPrompts)
                || (member.NameEquals("resourcesListChanged"u8) && reach.HasResources))
            {
                if (member.Value.Kind is not (JsonKind.True or JsonKind.False)) continue;
                written.Write(first ? "\""u8 : ",\""u8);
                written.Write(member.RawName);
                written.Write(member.Value.Kind == JsonKind.True ? "\":true"u8 : "\":false"u8);
                first = false;
            }
        }
        written.Write("}"u8);
        return written.Span.ToArray();
    }

    private static void WriteResources(JsonValue uris, Func<string, bool> mayHave, ByteBuffer to, ref bool first)
    {
        to.Write(first ? "\"resourceSubscriptions\":["u8 : ",\"resourceSubscriptions\":["u8);
        first = true;
        foreach (var uri in uris.Items)
        {
            if (!uri.TryGetString(out var text) || !mayHave(text)) continue;
            if (!first) to.Write(","u8);
            to.Write(uri.Raw);
            first = false;
        }
        to.Write("]"u8);
        first = false;
    }
}
