using Symbolon.Gateway.Upstreams.Channels;

namespace Symbolon.Gateway.Upstreams.OldSse;

/// <summary>One open stream of an old server, with the messages that are on their way to it. The server forgets it when the stream ends.</summary>
internal sealed class SseChannel(SseServer server, Uri endpoint, HttpResponseMessage response, Stream stream, EventCutter cutter) : IMessageChannel
{
    /// <summary>Messages on their way at once.</summary>
    private const int MostSending = 256;

    private readonly CancellationTokenSource end = new();
    private readonly Lock gate = new();
    private IChannelListener? listener;
    private Task opened = Task.CompletedTask;
    private bool isOpened;
    private int sending;
    private long sendingBytes;

    public void Listen(IChannelListener listener)
    {
        this.listener = listener;
        _ = Task.Run(ReadAsync);
    }

    public bool TrySend(ReadOnlyMemory<byte> message) => TrySend(message, identity: null);

    public bool TrySend(ReadOnlyMemory<byte> message, string? identity)
    {
        lock (gate)
        {
            if (end.IsCancellationRequested || sending == MostSending || (sending > 0 && sendingBytes + message.Length > server.MostBytes)) return false;
            sending++;
            sendingBytes += message.Length;
            // The server learns that it is initialised before it is asked for anything; after that nothing waits for anything else.
            var sent = SendAsync(message, identity, opened);
            if (isOpened || message.Span.IndexOf("\"method\":\"notifications/initialized\""u8) < 0) return true;
            (opened, isOpened) = (sent, true);
            return true;
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            if (end.IsCancellationRequested) return;
            end.Cancel();
        }
        response.Dispose();
        listener?.Closed();
    }

    private async Task SendAsync(ReadOnlyMemory<byte> message, string? identity, Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var taking = await server.PostAsync(endpoint, message, identity, end.Token);
        lock (gate)
        {
            sending--;
            sendingBytes -= message.Length;
        }
        if (taking == Taking.Gone) Dispose();
        else if (taking == Taking.Refused) listener!.NotTaken(message.Span);
    }

    private async Task ReadAsync()
    {
        try
        {
            // What came behind the endpoint before anybody listened.
            for (var count = 0; cutter.Take(count, listener);)
            {
                count = await stream.ReadAsync(cutter.Room, end.Token);
                if (count == 0) break;
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException or ObjectDisposedException)
        {
            // However it ended, it is over.
        }
        Dispose();
    }
}
