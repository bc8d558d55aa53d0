using System.Text;
using Symbolon.Gateway.Mcp;

namespace Symbolon.UnitTests.Gateway;

[Trait("area", "gateway")]
public sealed class SseFramerTests
{
    /// <summary>A stream, and the events in it: data of messages, <c>name:data</c> of others, <c>!</c> for a sign of life.</summary>
    public static TheoryData<string, string[]> Streams => new()
    {
        { "data: a\n\n", ["a"] },
        { "data:a\n\n", ["a"] },
        { "data:  a\n\n", [" a"] },
        { "data: a\r\n\r\ndata: b\r\n\r\n", ["a", "b"] },
        { "data: a\r\rdata: b\r\r", ["a", "b"] },
        { "data: a\r\n\ndata: b\n\r\n", ["a", "b"] },
        { "data: {\ndata: \"x\":1\ndata: }\n\n", ["{\n\"x\":1\n}"] },
        { "data: {\r\ndata:}\r\n\r\n", ["{\n}"] },
        { "event: message\nid: 7\nretry: 10\ndata: a\n\n", ["a"] },
        { "data: a\nevent: endpoint\n\ndata: b\n\n", ["endpoint:a", "b"] },
        { "event: other\ndata: a\n\ndata: b\n\n", ["other:a", "b"] },
        { ": ping\n\ndata: a\n\n", ["!", "a"] },
        { "id: 1\ndata:\n\ndata: a\n\n", ["!", "a"] },
        { "\n\n\ndata: a\n\n\n\ndata: b\n\n", ["a", "b"] },
        { "\uFEFFdata: a\n\n", ["a"] },
        { "data: \uFEFFa\n\n", ["\uFEFFa"] },
        { "unknown: x\ndata: a\n\n", ["a"] },
        { "data: \u2028\u0085\n\n", ["\u2028\u0085"] },
        { "data: a\n", [] },
        { "data: a", [] },
        { "", [] },
    };

    [Theory]
    [MemberData(nameof(Streams))]
    public void A_stream_is_cut_into_the_same_events_wherever_it_is_split(string stream, string[] events)
    {
        var bytes = Encoding.UTF8.GetBytes(stream);
        Assert.Equal(events, Cut([bytes]));
        for (var split = 0; split <= bytes.Length; split++) Assert.Equal(events, Cut([bytes[..split], bytes[split..]]));
        Assert.Equal(events, Cut([.. bytes.Select(b => new[] { b })]));
    }

    public static TheoryData<string, string?, int?> ResumePoints => new()
    {
        { "data: a\n\n", null, null },
        { "id: 7\nretry: 1500\ndata: a\n\n", "7", 1500 },
        { "data: long enough\nid:7\ndata: b\n\n", "7", null },
        { "id: 7\ndata:\n\nid: 8\n\ndata: a\n\n", "8", null },
        { "id: 7\n\nid: 8\ndata: cut", "7", null },
        { "id: 7\n\nid\n\n", null, null },
        { "id: 7\n\nid: 8\0\n\n", "7", null },
        { "id: a b\n\n", null, null },
        { "id: caf\u00E9\n\n", null, null },
        { "retry: 5s\n\n", null, null },
        { "retry: 99999999999999999999\n\n", null, int.MaxValue },
    };

    [Theory]
    [MemberData(nameof(ResumePoints))]
    public void Where_to_go_on_is_known_wherever_the_stream_is_split(string stream, string? id, int? retry)
    {
        var bytes = Encoding.UTF8.GetBytes(stream);
        for (var split = 0; split <= bytes.Length; split++)
        {
            var framer = new SseFramer();
            var buffer = new ByteBuffer();
            Feed(framer, buffer, bytes.AsSpan(0, split), []);
            Feed(framer, buffer, bytes.AsSpan(split), []);
            Assert.Equal((id, retry), (framer.Resume.Id, (int?)framer.Resume.Retry?.TotalMilliseconds));
            framer.BeginStream();
            Assert.Equal(id, framer.Resume.Id);
            framer.Reset();
            Assert.Equal((null, null), (framer.Resume.Id, framer.Resume.Retry));
        }
    }

    [Fact]
    public void A_long_line_in_small_pieces_costs_what_its_bytes_cost()
    {
        var framer = new SseFramer();
        var stream = new byte[8 * 1024 * 1024];
        stream.AsSpan().Fill((byte)'a');
        "data: "u8.CopyTo(stream);
        var started = Environment.CpuUsage.TotalTime;
        for (var length = 64; length <= stream.Length; length += 64) Assert.Equal(SseItem.More, framer.Next(stream.AsSpan(0, length), out _));
        // Searched from its start each time, the line would cost half a tera byte.
        Assert.InRange((Environment.CpuUsage.TotalTime - started).TotalSeconds, 0, 5);
    }

    [Fact]
    public void A_framer_can_be_used_for_another_stream()
    {
        var framer = new SseFramer();
        Feed(framer, new ByteBuffer(), "data: cut"u8, []);
        framer.Reset();
        var found = new List<string>();
        Feed(framer, new ByteBuffer(), "\uFEFFdata: a\n\n"u8, found);
        Assert.Equal(["a"], found);
    }

    private static List<string> Cut(byte[][] pieces)
    {
        var framer = new SseFramer();
        var buffer = new ByteBuffer();
        var found = new List<string>();
        foreach (var piece in pieces) Feed(framer, buffer, piece, found);
        return found;
    }

    private static void Feed(SseFramer framer, ByteBuffer buffer, ReadOnlySpan<byte> piece, List<string> found)
    {
        buffer.Write(piece);
        while (framer.Next(buffer.Writable, out var consumed) is var item and not SseItem.More)
        {
            var data = Encoding.UTF8.GetString(framer.Data.In(buffer.Span));
            found.Add(item == SseItem.Alive ? "!" : framer.IsMessage ? data : (framer.IsEndpoint ? "endpoint:" : "other:") + data);
            buffer.Consume(consumed);
        }
    }
}
