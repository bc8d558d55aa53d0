using System.Text;
using Symbolon.Gateway.Upstreams.Channels;
using Symbolon.Gateway.Upstreams.OldSse;

namespace Symbolon.UnitTests.Gateway.OldSse;

[Trait("area", "channels")]
public sealed class EventCutterTests
{
    private const string Endpoint = "event: endpoint\ndata: /messages?id=1\n\n";
    private static readonly string Long = "{\"id\":7,\"result\":\"" + new string('x', 300) + "\"}";

    /// <summary>What comes behind the endpoint, and what is told of it: messages, and the id of what was passed over.</summary>
    public static TheoryData<string, string[]> Streams => new()
    {
        { "data: a\n\ndata: b\n\n", ["a", "b"] },
        { "event: message\ndata: a\n\n: alive\n\nevent: other\ndata: c\n\n", ["a"] },
        { "event: endpoint\ndata: /elsewhere\n\ndata: a\n\n", ["a"] },
        { $"data: {Long}\n\ndata: b\n\n", ["over: 7", "b"] },
        { $"event: message\r\ndata: {Long}\r\n\r\ndata: b\r\n\r\n", ["over: 7", "b"] },
        { $"data: {Long}\r\rdata: b\r\r", ["over: 7", "b"] },
        { $"data: {Long}\n\ndata: {Long}\n\ndata: b\n\n", ["over: 7", "over: 7", "b"] },
        { $"data: {Long}", [] },
    };

    [Theory, MemberData(nameof(Streams))]
    public void A_stream_tells_the_same_wherever_it_is_split(string stream, string[] told)
    {
        var bytes = Encoding.UTF8.GetBytes(Endpoint + stream);
        Assert.Equal(told, Cut(256, [bytes], out _));
        for (var split = 0; split <= bytes.Length; split++) Assert.Equal(told, Cut(256, [bytes[..split], bytes[split..]], out _));
        Assert.Equal(told, Cut(256, [.. bytes.Select(b => new[] { b })], out _));
    }

    [Fact]
    public void An_event_that_does_not_end_ends_the_stream_and_is_not_kept()
    {
        var pieces = Enumerable.Repeat(Encoding.UTF8.GetBytes(new string('x', 100)), 100).ToArray();
        Assert.Equal(["over: "], Cut(256, [Encoding.UTF8.GetBytes(Endpoint + "data: "), .. pieces], out var taken));
        Assert.InRange(taken, 5, 15);
    }

    [Fact]
    public void Nothing_behind_the_endpoint_is_lost_before_somebody_listens()
    {
        var cutter = new EventCutter(256);
        var told = new Told();
        Assert.True(Feed(cutter, Encoding.UTF8.GetBytes("data: early\n\n" + Endpoint + "data: a\n\n"), null));
        Assert.Equal("/messages?id=1", cutter.Endpoint);
        Assert.True(cutter.Take(0, told));
        Assert.Equal(["a"], told.All);
    }

    private static List<string> Cut(int mostBytes, byte[][] pieces, out int taken)
    {
        var cutter = new EventCutter(mostBytes);
        var told = new Told();
        taken = 0;
        foreach (var piece in pieces)
        {
            if (!Feed(cutter, piece, cutter.Endpoint is null ? null : told)) return told.All;
            taken++;
        }
        Assert.Equal("/messages?id=1", cutter.Endpoint);
        cutter.Take(0, told);
        return told.All;
    }

    private static bool Feed(EventCutter cutter, byte[] piece, IChannelListener? listener)
    {
        piece.CopyTo(cutter.Room);
        return cutter.Take(piece.Length, listener);
    }

    private sealed class Told : IChannelListener
    {
        public List<string> All { get; } = [];

        public void Received(ReadOnlySpan<byte> message) => All.Add(Encoding.UTF8.GetString(message));

        public void PassedOver(LongMessage message) => All.Add($"over: {message.Id}");

        public void NotTaken(ReadOnlySpan<byte> message) => All.Add("not taken");

        public void Closed() => All.Add("closed");
    }
}
