using System.Text;
using Symbolon.Cli.Processes;
using Symbolon.Cli.Upstreams;

namespace Symbolon.UnitTests.Cli;

[Trait("area", "cli")]
public sealed class ProcessOutputTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4096)]
    public async Task Lines_are_read_whole_however_they_arrive(int chunk)
    {
        var longest = new string('x', 20_000);
        var lines = new BoundedLines(new Chunks($"one\n\n{longest}\nlast\nwithout an end", chunk), 1 << 20, 1 << 20);
        var read = new List<string>();
        while (await lines.ReadAsync(CancellationToken.None) is { } line) read.Add(Encoding.UTF8.GetString(line.Span));
        Assert.Equal(["one", "", longest, "last"], read);
    }

    [Fact]
    public async Task A_line_that_is_too_long_is_given_up_before_its_end()
    {
        var stream = new Chunks(null, 4096);
        var failure = await Assert.ThrowsAsync<UpstreamException>(() => new BoundedLines(stream, 1 << 20, 1 << 30).ReadAsync(CancellationToken.None));
        Assert.Contains("a line of more than 1 MiB", failure.Message, StringComparison.Ordinal);
        Assert.InRange(stream.Given, 1 << 20, 3 << 20);
    }

    [Fact]
    public async Task Short_lines_without_end_are_given_up_too()
    {
        var lines = new BoundedLines(new Chunks(null, 4096, newLineEvery: 100), 1 << 20, 2 << 20);
        await Assert.ThrowsAsync<UpstreamException>(async () =>
        {
            while (await lines.ReadAsync(CancellationToken.None) is not null) { }
        });
    }

    [Fact]
    public async Task Of_standard_error_the_last_lines_are_kept()
    {
        var tail = ErrorTail.Of(new Chunks(string.Join('\n', Enumerable.Range(0, 5_000).Select(i => $"line {i}")), 4096));
        await tail.EndAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(20, tail.Lines.Count);
        Assert.Equal("line 4999", tail.Lines[^1]);
        var huge = ErrorTail.Of(new Chunks(new string('y', 1 << 20), 4096));
        await huge.EndAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(8 * 1024, Assert.Single(huge.Lines).Length);
    }

    /// <summary>A text, or without one bytes for ever, a few at a time.</summary>
    private sealed class Chunks(string? text, int chunk, int newLineEvery = 0) : MemoryStream
    {
        private readonly byte[]? bytes = text is null ? null : Encoding.UTF8.GetBytes(text);

        public long Given { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = Math.Min(chunk, buffer.Length);
            if (bytes is not null) count = (int)Math.Min(count, bytes.Length - Given);
            for (var i = 0; i < count; i++)
                buffer.Span[i] = bytes?[Given + i] ?? (newLineEvery > 0 && (Given + i) % newLineEvery == 0 ? (byte)'\n' : (byte)'x');
            Given += count;
            return ValueTask.FromResult(count);
        }
    }
}
