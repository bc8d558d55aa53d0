using System.Text;
using System.Text.Json;
using Symbolon.Gateway.Upstreams.Channels;

namespace Symbolon.UnitTests.Gateway.Channels;

/// <summary>A channel whose other side is the test.</summary>
internal sealed class FakeChannel : IMessageChannel
{
    private readonly List<string> sent = [];
    private readonly Lock reading = new();
    private IChannelListener? listener;

    /// <summary>What the other side does with each message that it gets.</summary>
    public Action<FakeChannel, JsonElement>? Answer { get; init; }

    public bool IsFull { get; set; }

    public bool IsDisposed { get; private set; }

    public IReadOnlyList<string> Sent
    {
        get
        {
            lock (sent) return [.. sent];
        }
    }

    /// <summary>In whose name the last message came, where it said so.</summary>
    public string? LastIdentity { get; private set; }

    public JsonElement LastSent => Parse(Sent[^1]);

    public void Listen(IChannelListener by) => listener = by;

    public bool TrySend(ReadOnlyMemory<byte> message) => TrySend(message, identity: null);

    public bool TrySend(ReadOnlyMemory<byte> message, string? identity)
    {
        if (IsFull || IsDisposed) return false;
        LastIdentity = identity;
        var text = Encoding.UTF8.GetString(message.Span);
        lock (sent) sent.Add(text);
        Answer?.Invoke(this, Parse(text));
        return true;
    }

    /// <summary>One message at a time, as a channel's reader does.</summary>
    public void Say(string line)
    {
        lock (reading) listener!.Received(Encoding.UTF8.GetBytes(line));
    }

    /// <summary>A message over the limit.</summary>
    public void PassOver(string text)
    {
        var message = new LongMessage();
        message.Take(Encoding.UTF8.GetBytes(text));
        listener!.PassedOver(message);
    }

    public void Close() => listener?.Closed();

    public void Dispose()
    {
        IsDisposed = true;
        Close();
    }

    public static JsonElement Parse(string text) => JsonDocument.Parse(text).RootElement.Clone();

    /// <summary>A server of the legacy era that answers the handshake, and every call with the arguments it got.</summary>
    public static void Legacy(FakeChannel channel, JsonElement message)
    {
        if (!message.TryGetProperty("id", out var id)) return;
        channel.Say(message.GetProperty("method").GetString() switch
        {
            "initialize" => $$$$$$"""{"jsonrpc":"2.0","id":{{{{{{id}}}}}},"result":{"protocolVersion":"2025-06-18","capabilities":{"tools":{}},"serverInfo":{"name":"fake","version":"1"}}}""",
            "server/discover" => $$$$$$"""{"jsonrpc":"2.0","id":{{{{{{id}}}}}},"error":{"code":-32601,"message":"no"}}""",
            _ => $$$$$$"""{"jsonrpc":"2.0","id":{{{{{{id}}}}}},"result":{"echo":{{{{{{message.GetRawText()}}}}}}}}""",
        });
    }

    /// <summary>A server of the modern era.</summary>
    public static void Modern(FakeChannel channel, JsonElement message)
    {
        if (!message.TryGetProperty("id", out var id)) return;
        channel.Say(message.GetProperty("method").GetString() switch
        {
            "server/discover" => $$$$$$"""{"jsonrpc":"2.0","id":{{{{{{id}}}}}},"result":{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{}}}""",
            "initialize" => $$$$$$"""{"jsonrpc":"2.0","id":{{{{{{id}}}}}},"error":{"code":-32022,"message":"no"}}""",
            _ => $$$$$$"""{"jsonrpc":"2.0","id":{{{{{{id}}}}}},"result":{"resultType":"complete"}}""",
        });
    }
}

/// <summary>Opens the channels that a test has made ready, and counts them.</summary>
internal sealed class FakeChannels(Func<FakeChannel> make) : IChannelFactory
{
    private readonly List<FakeChannel> opened = [];

    public IReadOnlyList<FakeChannel> Opened
    {
        get
        {
            lock (opened) return [.. opened];
        }
    }

    public ValueTask<IMessageChannel> OpenAsync(CancellationToken cancellation)
    {
        var channel = make();
        lock (opened) opened.Add(channel);
        return ValueTask.FromResult<IMessageChannel>(channel);
    }
}
