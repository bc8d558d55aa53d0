using System.Net.Sockets;
using System.Text;
using Symbolon.Core.Policy;
using Symbolon.Gateway.Upstreams;
using Symbolon.Gateway.Upstreams.Runner;

namespace Symbolon.ConformanceTests.Processes;

/// <summary>What the gateway believes of whoever listens on the runner's socket.</summary>
[Trait("area", "stdio")]
public sealed class RunnerTrustTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("symbolon-trust-");
    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public RunnerTrustTests()
    {
        listener.Bind(Address);
        listener.Listen();
    }

    private UnixDomainSocketEndPoint Address => new(Path.Combine(folder.FullName, "s"));

    [Fact]
    public async Task A_runner_with_our_own_user_is_told_nothing_while_we_listen_off_loopback()
    {
        await using var stage = new StdioStage(loopback: false, runner: ConnectAsync);
        var invoker = await stage.ApproveAsync();
        var call = StdioStage.CallAsync(invoker, "echo");
        using var peer = await listener.AcceptAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, await peer.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken));
        Assert.Equal(ReasonCode.UpstreamUnreachable, (await Assert.ThrowsAsync<UpstreamFault>(() => call)).Code);
    }

    [Fact]
    public async Task A_runner_of_another_user_than_the_named_one_is_told_nothing_on_loopback_either()
    {
        await using var stage = new StdioStage(runner: ConnectAsync, runnerUser: PeerUser.Own + 1);
        var invoker = await stage.ApproveAsync();
        var call = StdioStage.CallAsync(invoker, "echo");
        using var peer = await listener.AcceptAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, await peer.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken));
        Assert.Equal(ReasonCode.UpstreamUnreachable, (await Assert.ThrowsAsync<UpstreamFault>(() => call)).Code);
        Assert.Contains(stage.Log, line => line.Contains("runner.uid", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_runner_of_the_named_user_is_given_the_order()
    {
        await using var stage = new StdioStage(runner: ConnectAsync, runnerUser: PeerUser.Own);
        var invoker = await stage.ApproveAsync();
        var call = StdioStage.CallAsync(invoker, "echo");
        await AnswerAsync("{}");
        await Assert.ThrowsAsync<UpstreamFault>(() => call);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("nonsense")]
    [InlineData("""{"started":true,"more":1}""")]
    [InlineData("""{"fault":{"code":"file_changed","path":"/etc/passwd"}}""")]
    [InlineData("""{"fault":{"code":"my words","path":"/bin/sh"}}""")]
    public async Task What_is_no_answer_starts_nothing_and_raises_no_alarm(string answer)
    {
        await using var stage = new StdioStage(runner: ConnectAsync);
        var invoker = await stage.ApproveAsync();
        var call = StdioStage.CallAsync(invoker, "echo");
        await AnswerAsync(answer);
        Assert.Equal(ReasonCode.UpstreamUnreachable, (await Assert.ThrowsAsync<UpstreamFault>(() => call)).Code);
        Assert.Empty(stage.Alarm.Raised);
    }

    [Fact]
    public async Task A_changed_file_of_that_server_raises_the_alarm_in_our_own_words()
    {
        await using var stage = new StdioStage(runner: ConnectAsync);
        var invoker = await stage.ApproveAsync();
        var call = StdioStage.CallAsync(invoker, "echo");
        await AnswerAsync("""{"fault":{"code":"file_changed","path":"/bin/sh"},"why":"words of the runner"}""");
        Assert.Equal(ReasonCode.ServerSuspended, (await Assert.ThrowsAsync<UpstreamFault>(() => call)).Code);
        var fault = Assert.Single(stage.Alarm.Raised).Fault;
        Assert.Equal(("file_changed", "/bin/sh"), (fault.Code, fault.Path));
        Assert.DoesNotContain("words of the runner", fault.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        listener.Dispose();
        folder.Delete(recursive: true);
    }

    private async Task AnswerAsync(string answer)
    {
        using var peer = await listener.AcceptAsync(TestContext.Current.CancellationToken);
        await using var stream = new NetworkStream(peer);
        var order = RunnerOrder.Read((await Frame.ReadAsync(stream, RunnerOrder.MostBytes, TestContext.Current.CancellationToken))!);
        Assert.Equal("/bin/sh", order!.Command);
        await Frame.WriteAsync(stream, Encoding.UTF8.GetBytes(answer), TestContext.Current.CancellationToken);
    }

    private async ValueTask<Socket> ConnectAsync(CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(Address, cancellation);
        return socket;
    }
}
