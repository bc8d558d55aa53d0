using System.Net;
using System.Text;
using Symbolon.Server.Outbound;
using Symbolon.Testing.Fakes;

namespace Symbolon.ConformanceTests;

/// <summary>IDENTITY.md section 5, no. 6, for what is posted to the webhook: over real sockets, through the handler of the product.</summary>
[Trait("area", "outbound")]
public sealed class IdentityOutboundPostTests
{
    private static readonly EgressGuard Loopback = new((_, _) => Task.FromResult(new[] { IPAddress.Loopback }));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("clause", "IDENTITY.md §5 no. 6")]
    public async Task Over_TLS_it_reaches_whom_it_trusts_and_nobody_else()
    {
        await using var server = new HostileServer(HostileServer.Saying("204 No Content"));
        Assert.Equal(new PostAnswer.Answered(204), await SendAsync(server, EgressGuard.Default, mayBeInside: true, HostileServer.Trust));
        Assert.Equal(new PostAnswer.Unanswered("no secure connection: its certificate is not trusted"), await SendAsync(server, EgressGuard.Default, mayBeInside: true, null));
    }

    [Fact]
    [Trait("clause", "IDENTITY.md §5 no. 6")]
    [Trait("hostile", "egress")]
    public async Task What_turns_out_to_be_inside_sees_no_packet()
    {
        await using var server = new HostileServer(HostileServer.Saying("204 No Content"));
        Assert.Equal(new PostAnswer.Unanswered("its address is inside this network or is never connected to"), await SendAsync(server, Loopback, mayBeInside: false, HostileServer.Trust));
        foreach (var address in new[] { "169.254.169.254", "fe80::1", "64:ff9b::7f00:1" })
        {
            var metadata = new EgressGuard((_, _) => Task.FromResult(new[] { IPAddress.Parse(address) }));
            using var post = new GuardedPost(metadata, new Uri("https://hooks.example/"), mayBeInside: true, TimeProvider.System);
            Assert.Equal(new PostAnswer.Unanswered("its address is inside this network or is never connected to"), await post.SendAsync([], [], Cancellation));
        }
        Assert.Equal(0, server.Connections);

        // The operator said that it may: it is asked, and shows a certificate for another name.
        Assert.Equal(new PostAnswer.Unanswered("no secure connection: its certificate is not trusted"), await SendAsync(server, Loopback, mayBeInside: true, HostileServer.Trust));
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    [Trait("hostile", "egress")]
    public async Task A_long_answer_is_left_and_its_status_counts()
    {
        await using var server = new HostileServer(async (self, stream, cancellation) =>
        {
            await self.WriteAsync(stream, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"u8.ToArray(), cancellation);
            var block = new byte[64 * 1024];
            for (var left = 10L << 30; left > 0; left -= block.Length) await self.WriteAsync(stream, block, cancellation);
        });
        Assert.Equal(new PostAnswer.Answered(200), await SendAsync(server, EgressGuard.Default, mayBeInside: true, HostileServer.Trust));
        // At most what fits into the buffers of two sockets; nothing, where it was left before the first block.
        Assert.InRange(server.Sent, 0, 32L << 20);
    }

    [Fact]
    [Trait("hostile", "egress")]
    public async Task Whoever_says_nothing_is_left_after_ten_seconds()
    {
        var asked = new TaskCompletionSource();
        await using var server = new HostileServer(async (_, _, cancellation) =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellation);
        });
        var clock = new FakeClock();
        using var post = new GuardedPost(EgressGuard.Default, server.Url, mayBeInside: true, clock, HostileServer.Trust);
        var sending = post.SendAsync("{}"u8.ToArray(), [], Cancellation);
        await asked.Task.WaitAsync(Cancellation);
        clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(sending.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(new PostAnswer.Unanswered("no answer within 10 s"), await sending);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nx: ")]
    [Trait("hostile", "egress")]
    public async Task What_is_no_answer_is_a_failure_in_words_of_ours(string said)
    {
        await using var server = new HostileServer((self, stream, cancellation) => self.WriteAsync(stream, Encoding.ASCII.GetBytes(said + (said.EndsWith(' ') ? new string('x', 100_000) : "")), cancellation));
        Assert.Equal(new PostAnswer.Unanswered("no answer that is HTTP"), await SendAsync(server, EgressGuard.Default, mayBeInside: true, HostileServer.Trust));
    }

    private static async Task<PostAnswer> SendAsync(HostileServer server, EgressGuard guard, bool mayBeInside, System.Security.Cryptography.X509Certificates.X509ChainPolicy? trust)
    {
        // Another name for it would have another certificate; who resolves it is the guard.
        var url = guard == EgressGuard.Default ? server.Url : new Uri($"https://hooks.example:{server.Url.Port}/");
        using var post = new GuardedPost(guard, url, mayBeInside, TimeProvider.System, trust);
        return await post.SendAsync("{}"u8.ToArray(), [new("webhook-id", "msg_1")], Cancellation);
    }
}
