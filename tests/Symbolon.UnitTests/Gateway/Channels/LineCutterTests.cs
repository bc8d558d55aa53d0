using System.Text;
using Symbolon.Gateway.Upstreams.Channels;
using Symbolon.Gateway.Upstreams.Stdio;

namespace Symbolon.UnitTests.Gateway.Channels;

[Trait("area", "channels")]
public sealed class LineCutterTests
{
    private const int Most = 1000;
    private readonly Heard heard = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(4096)]
    public void Lines_come_whole_however_the_bytes_are_split(int step)
    {
        var cutter = new LineCutter(Most, heard);
        var text = Encoding.UTF8.GetBytes("first\nsecond ä\r\n\n \t\r\nthird\nnot ended");
        for (var at = 0; at < text.Length; at += step) Assert.True(cutter.Take(text.AsSpan(at, Math.Min(step, text.Length - at))));
        Assert.Equal(["first", "second ä\r", "third"], heard.Lines);
        Assert.Empty(heard.PassedOver);
    }

    [Theory]
    [InlineData(1, 1001)]
    [InlineData(13, 3999)]
    [InlineData(100, 1001)]
    [InlineData(1024, 2001)]
    public void Of_a_line_over_the_limit_only_its_id_is_kept_and_the_next_line_comes_whole(int step, int length)
    {
        var cutter = new LineCutter(Most, heard);
        var filler = new string('x', (length - 41) / 2);
        var line = $"{{\"result\":\"{filler}\",\"id\":123456789,\"_meta\":[\"{filler}\"]}}";
        Assert.InRange(line.Length, Most + 1, 4 * Most);
        var text = Encoding.UTF8.GetBytes("before\n" + line + "\nafter\n");
        for (var at = 0; at < text.Length; at += step) Assert.True(cutter.Take(text.AsSpan(at, Math.Min(step, text.Length - at))));
        Assert.Equal(["before", "after"], heard.Lines);
        Assert.Equal((123456789, true), Assert.Single(heard.PassedOver));
    }

    [Fact]
    public void A_line_of_exactly_the_limit_is_a_line()
    {
        var cutter = new LineCutter(Most, heard);
        cutter.Take(Encoding.UTF8.GetBytes(new string('x', Most)));
        cutter.Take("\n"u8);
        Assert.Equal(Most, Assert.Single(heard.Lines).Length);
    }

    [Fact]
    public void A_line_of_a_gigabyte_ends_the_process_and_holds_no_memory()
    {
        const int Limit = 16 * 1024 * 1024;
        var cutter = new LineCutter(Limit, heard);
        var block = new byte[64 * 1024];
        block.AsSpan().Fill((byte)'x');
        var taken = 0L;
        while (cutter.Take(block))
        {
            taken += block.Length;
            Assert.InRange(taken, 0, 1L << 30);
        }
        Assert.InRange(taken, Limit, 4L * Limit);
        Assert.Equal((null, false), Assert.Single(heard.PassedOver));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(cutter.Take(block));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4096);
        Assert.Empty(heard.Lines);
    }

    private sealed class Heard : IChannelListener
    {
        public List<string> Lines { get; } = [];

        public List<(long? Id, bool IsWhole)> PassedOver { get; } = [];

        public void Received(ReadOnlySpan<byte> message) => Lines.Add(Encoding.UTF8.GetString(message));

        void IChannelListener.PassedOver(LongMessage message) => PassedOver.Add((message.Id, message.IsWhole));

        public void NotTaken(ReadOnlySpan<byte> message) { }

        public void Closed() { }
    }
}
