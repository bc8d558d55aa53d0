using System.Text;
using Symbolon.Core.Registry;
using Symbolon.Gateway.ToolCalls;

namespace Symbolon.UnitTests.Gateway;

/// <summary>Who is slow, and who is silent: a deadline for an upstream that says nothing must not hit one that speaks.</summary>
[Trait("area", "gateway")]
public sealed class SlownessTests : IDisposable
{
    private const string ProgressCall =
        """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"rollout_status","arguments":{},"_meta":{"progressToken":"p"}}}""";

    private const string Progress = "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":\"p\",\"progress\":1}}\n\n";
    private const string Final = """{"jsonrpc":"2.0","id":7,"result":{"content":[{"type":"text","text":"done"}]}}""";

    private readonly GatewayRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public async Task An_answer_that_flows_for_longer_than_the_silence_is_no_silence()
    {
        rig.Upstream.Answer = _ => Flowing("application/json", TimeSpan.FromSeconds(40), Final[..10], Final[10..20], Final[20..30], Final[30..]);
        var answer = await rig.CallAsync("rollout_status");
        Assert.Equal("done", answer.Result.GetProperty("content")[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task An_answer_that_stops_flowing_is_given_up()
    {
        rig.Upstream.Answer = _ => Flowing("application/json", TimeSpan.FromSeconds(61), Final[..10], Final[10..]);
        Assert.Equal("upstream_timeout", (await rig.CallAsync("rollout_status")).ErrorCode);
    }

    [Theory]
    [InlineData(10, null, 9, null)]
    [InlineData(10, null, 11, "upstream_timeout")]
    [InlineData(300, null, 61, null)]
    [InlineData(null, 100, 30, "upstream_timeout")]
    [InlineData(null, 100, 20, null)]
    public async Task A_server_with_deadlines_of_its_own_is_held_to_those(int? silence, int? call, int pause, string? code)
    {
        rig.Apply(GatewayRig.Server(manifest => manifest with { Limits = new UpstreamLimits { SilenceSeconds = silence, CallSeconds = call } }));
        rig.Upstream.Answer = _ => Flowing("application/json", TimeSpan.FromSeconds(pause), Final[..10], Final[10..20], Final[20..30], Final[30..]);
        var answer = await rig.CallAsync("rollout_status");
        if (code is null) Assert.Equal("done", answer.Result.GetProperty("content")[0].GetProperty("text").GetString());
        else Assert.Equal(code, answer.ErrorCode);
    }

    [Fact]
    public async Task A_client_that_reads_slowly_does_not_make_its_server_a_silent_one()
    {
        rig.Upstream.Answer = _ => Flowing("text/event-stream", TimeSpan.FromSeconds(1), Progress, Progress, $"data: {Final}\n\n");
        var slow = new SteppedStream(new MemoryStream(), onWrite: () => Pass(TimeSpan.FromSeconds(90)));
        var context = rig.ContextOf("POST", Encoding.UTF8.GetBytes(ProgressCall));
        context.Response.Body = slow;
        await rig.HandleAsync(context);
        var text = Encoding.UTF8.GetString(((MemoryStream)slow.Inner).ToArray());
        Assert.Contains("done", text, StringComparison.Ordinal);
        Assert.DoesNotContain("upstream_timeout", text, StringComparison.Ordinal);
    }

    /// <summary>Each part comes so long after the one before.</summary>
    private HttpResponseMessage Flowing(string type, TimeSpan pause, params string[] parts)
    {
        var content = new StreamContent(new SteppedStream(parts, onRead: () => Pass(pause)));
        content.Headers.ContentType = new(type);
        return new HttpResponseMessage(System.Net.HttpStatusCode.OK) { Content = content };
    }

    private void Pass(TimeSpan time)
    {
        rig.Clock.Advance(time);
        rig.Get<OpenExchanges>().SweepDeadlines();
    }

    /// <summary>A stream on which time passes with every read or write; one that was ended meanwhile by its token ends so.</summary>
    private sealed class SteppedStream(Stream inner, Action? onRead = null, Action? onWrite = null) : Stream
    {
        private readonly Queue<byte[]> parts = new();

        public SteppedStream(string[] parts, Action onRead)
            : this(new MemoryStream(), onRead)
        {
            foreach (var part in parts) this.parts.Enqueue(Encoding.UTF8.GetBytes(part));
        }

        public Stream Inner => inner;
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!parts.TryDequeue(out var part)) return ValueTask.FromResult(0);
            onRead?.Invoke();
            cancellationToken.ThrowIfCancellationRequested();
            part.CopyTo(buffer);
            return ValueTask.FromResult(part.Length);
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            onWrite?.Invoke();
            cancellationToken.ThrowIfCancellationRequested();
            return inner.WriteAsync(buffer, cancellationToken);
        }

        public override void Flush() { }
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
