using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Symbolon.Core.Registry;
using Symbolon.Core.Tools;
using Symbolon.Gateway.Mcp;

namespace Symbolon.Gateway.Upstreams.Channels;

/// <summary>
/// A server behind channels as the Streamable HTTP server that the gateway knows how to talk to. Answers with JSON where the response
/// is the first that comes, else with events as they come. Its session ids tell clients apart, and a session that has a channel for itself has a stream.
/// </summary>
internal sealed class ChannelHandler(ChannelPool pool) : HttpMessageHandler
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private static readonly MediaTypeHeaderValue Events = new("text/event-stream");
    private static readonly byte[] Nothing = [.. "{}"u8];

    /// <summary>What the gateway declares when it reads what the server has, kept for a channel that has to be opened again for the next page.</summary>
    private volatile byte[] own = Nothing;

    /// <inheritdoc cref="ChannelPool.ToolsChanged"/>
    public Action? ToolsChanged
    {
        get => pool.ToolsChanged;
        set => pool.ToolsChanged = value;
    }

    /// <summary>Whether a legacy session has a channel for itself, so that it can be told of what changes.</summary>
    public bool TellsSessions => pool.Isolation == ProcessIsolation.Session;

    /// <exception cref="UpstreamFault">No answer is to be had; says why.</exception>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var caller = ChannelCaller.Of(request);
        var session = First(request, McpHeaders.Session);
        if (request.Method == HttpMethod.Delete) return End(caller, session);
        if (request.Method == HttpMethod.Get) return Listen(ChannelKey.For(pool.Isolation, Era.Legacy, caller, session));
        if (request.Method != HttpMethod.Post || request.Content is null) return Bare(HttpStatusCode.MethodNotAllowed);
        if (OutgoingMessage.Read(await request.Content.ReadAsByteArrayAsync(cancellationToken)) is not { } message) return Bare(HttpStatusCode.BadRequest);

        var era = First(request, McpHeaders.Version) == ProtocolVersions.V20260728 ? Era.Modern : Era.Legacy;
        if (message.IsResponse) return Respond(message, ChannelKey.For(pool.Isolation, era, caller, session));
        if (!message.Id.IsPresent) return Notify(message, era, caller, session, ChannelCaller.IdentityOf(request));
        if (message.Method == "initialize") return await OpenAsync(message, caller, cancellationToken);
        var key = ChannelKey.For(pool.Isolation, era, caller, session);
        // The level of one caller would be that of all, and their messages reach nobody.
        if (message.Method == "logging/setLevel" && pool.Isolation == ProcessIsolation.Shared) return Answer(Written(message, ",\"result\":{}}"u8));
        // What a session kept died with its channel: its client has to begin anew.
        var channel = key.Session is null ? await pool.OpenAsync(key, caller is null ? own : Nothing, cancellationToken) : pool.Find(key);
        return channel is not null ? await ExchangeAsync(channel.Exchanges.Send(message, caller, session, ChannelCaller.IdentityOf(request), ChannelCaller.AskedOf(request)), channel.Exchanges, cancellationToken)
            : key.Session is null ? Answer(NotSpoken(message))
            : Bare(HttpStatusCode.NotFound);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) pool.Dispose();
        base.Dispose(disposing);
    }

    private static async Task<HttpResponseMessage> ExchangeAsync(ChannelExchange exchange, Multiplexer channel, CancellationToken cancellation)
    {
        try
        {
            if (!await exchange.WaitAsync(cancellation)) return Stream(exchange, () => channel.Abandon(exchange));
        }
        catch
        {
            channel.Abandon(exchange);
            throw;
        }
        return exchange.TryReadFinal(out var answer) ? Answer(answer) : Stream(exchange, () => channel.Abandon(exchange));
    }

    /// <summary>Every client gets a session id, by which a cancellation finds its own request and no other's.</summary>
    private async Task<HttpResponseMessage> OpenAsync(OutgoingMessage message, string? caller, CancellationToken cancellation)
    {
        var session = caller is null ? null : RandomNumberGenerator.GetHexString(32, lowercase: true);
        // Whoever shares a channel cannot be asked anything: what one of them declares would be declared for all.
        var declared = pool.Isolation == ProcessIsolation.Session && message.Capabilities.IsPresent ? message.At(message.Capabilities).ToArray() : Nothing;
        if (caller is null) own = declared;
        if (await pool.OpenAsync(ChannelKey.For(pool.Isolation, Era.Legacy, caller, session), declared, cancellation) is not { Opening: { } opening }) return Answer(NotSpoken(message));
        var answer = Answer(opening.For(message));
        if (session is not null) answer.Headers.TryAddWithoutValidation(McpHeaders.Session, session);
        return answer;
    }

    /// <summary>A channel was initialised once; only cancellations have somewhere to go, and the roots of a session that has its own.</summary>
    private HttpResponseMessage Notify(OutgoingMessage message, Era era, string? caller, string? session, string? identity)
    {
        var key = ChannelKey.For(pool.Isolation, era, caller, session);
        if (message.Method == "notifications/cancelled") pool.Find(key)?.Exchanges.Cancel(message, caller, session, identity);
        else if (message.Method == "notifications/roots/list_changed" && key.Session is not null) pool.Find(key)?.Exchanges.Notify(message.OnOneLine());
        return Bare(HttpStatusCode.Accepted);
    }

    /// <summary>Only a channel of one session has asked anybody, and only there is the id one of its own.</summary>
    private HttpResponseMessage Respond(OutgoingMessage message, ChannelKey key)
    {
        if (key.Session is null || pool.Find(key) is not { } channel) return Bare(HttpStatusCode.NotFound);
        channel.Exchanges.Respond(message);
        return Bare(HttpStatusCode.Accepted);
    }

    private HttpResponseMessage Listen(ChannelKey key)
    {
        if (key.Session is null) return Bare(HttpStatusCode.MethodNotAllowed);
        if (pool.Find(key)?.Exchanges is not { } channel) return Bare(HttpStatusCode.NotFound);
        var queue = channel.Listen();
        return Stream(queue, () =>
        {
            channel.StopListening(queue);
            // Its client may come again: the time without use begins now.
            pool.Find(key);
        });
    }

    private HttpResponseMessage End(string? caller, string? session)
    {
        var key = ChannelKey.For(pool.Isolation, Era.Legacy, caller, session);
        return Bare(key.Session is null || pool.TryClose(key) ? HttpStatusCode.OK : HttpStatusCode.NotFound);
    }

    private static byte[] NotSpoken(OutgoingMessage message) =>
        Written(message, ",\"error\":{\"code\":-32601,\"message\":\"This era is not spoken here.\"}}"u8);

    private static byte[] Written(OutgoingMessage message, ReadOnlySpan<byte> rest) =>
        [.. "{\"jsonrpc\":\"2.0\",\"id\":"u8, .. message.At(message.Id), .. rest];

    private static HttpResponseMessage Answer(byte[] message)
    {
        var content = new ByteArrayContent(message);
        content.Headers.ContentType = Json;
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
    }

    /// <param name="close">Tells the server that nobody waits any more, where it has not ended itself.</param>
    private static HttpResponseMessage Stream(DeliveryQueue queue, Action close)
    {
        var content = new StreamContent(new ExchangeStream(queue, close));
        content.Headers.ContentType = Events;
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
    }

    private static HttpResponseMessage Bare(HttpStatusCode status) => new(status);

    private static string? First(HttpRequestMessage request, string name) =>
        request.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;
}
