using System.Net;
using System.Text;
using Symbolon.Core.Outbound;
using Symbolon.Server.Outbound;
using Symbolon.Testing.Fakes;

namespace Symbolon.ConformanceTests;

/// <summary>IDENTITY.md section 5, no. 6, for what is sent to foreign token endpoints: over real sockets, through the handler of the product.</summary>
[Trait("area", "outbound")]
public sealed class IdentityOutboundFormTests
{
    private const int Most = 16 * 1024;

    private static readonly KeyValuePair<string, string>[] Form = [new("grant_type", "client_credentials"), new("assertion", "canary")];
    private static readonly FormAnswer Elsewhere = new FormAnswer.Unanswered("its port or scheme is none that is asked, unless the operator names it");
    private static readonly FormAnswer Inside = new FormAnswer.Unanswered("its address is inside this network or is never connected to");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Over_TLS_a_form_reaches_whom_it_trusts_at_a_port_that_the_operator_named()
    {
        await using var server = new HostileServer(HostileServer.Saying("200 OK\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: 2", "{}"u8.ToArray()));
        var answer = Assert.IsType<FormAnswer.Answered>(await PostAsync(server, [server.Host]));
        Assert.Equal((200, "{}"), (answer.Status, Encoding.UTF8.GetString(answer.Json!.Value.Span)));
        using var distrusting = new GuardedForm(EgressGuard.Default, [server.Host], TimeProvider.System);
        Assert.Equal(new FormAnswer.Unanswered("no secure connection: its certificate is not trusted"), await distrusting.PostAsync(server.Url, Form, null, Most, Cancellation));
    }

    [Fact]
    [Trait("clause", "IDENTITY.md §5 no. 6")]
    [Trait("hostile", "egress")]
    public async Task What_the_operator_did_not_name_sees_no_packet()
    {
        await using var server = new HostileServer(HostileServer.Saying("200 OK"));
        Assert.Equal(Elsewhere, await PostAsync(server, []));
        Assert.Equal(Elsewhere, await PostAsync(server, ["localhost"]));
        Assert.Equal(Elsewhere, await PostAsync(server, ["localhost:443"]));
        using var form = new GuardedForm(EgressGuard.Default, [server.Host], TimeProvider.System, HostileServer.Trust);
        foreach (var url in new[] { $"http://example.com:{server.Url.Port}/", "ftp://localhost/", "https://localhost:1/" }) Assert.Equal(Elsewhere, await form.PostAsync(new Uri(url), Form, null, Most, Cancellation));
        foreach (var host in new[] { "127.0.0.1", "2130706433", "[::ffff:127.0.0.1]", "169.254.169.254", "[fe80::1]", "[64:ff9b::7f00:1]" })
            Assert.Equal(Inside, await form.PostAsync(new Uri($"https://{host}/"), Form, null, Most, Cancellation));
        var rebound = new EgressGuard((_, _) => Task.FromResult(new[] { IPAddress.Loopback }));
        using var named = new GuardedForm(rebound, [server.Host], TimeProvider.System, HostileServer.Trust);
        Assert.Equal(Inside, await named.PostAsync(new Uri("https://login.example.com/"), Form, null, Most, Cancellation));
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    [Trait("hostile", "egress")]
    public async Task A_redirect_to_inside_is_an_answer_and_nobody_goes_there()
    {
        await using var canary = new HostileServer(HostileServer.Saying("200 OK"));
        foreach (var status in new[] { "302 Found", "307 Temporary Redirect", "308 Permanent Redirect" })
        {
            await using var server = new HostileServer(HostileServer.Saying($"{status}\r\nLocation: {canary.Url}\r\nContent-Length: 0"));
            Assert.Equal(new FormAnswer.Answered(int.Parse(status[..3], System.Globalization.CultureInfo.InvariantCulture), null), await PostAsync(server, [server.Host, canary.Host]));
        }
        Assert.Equal(0, canary.Connections);
    }

    [Theory]
    [Trait("hostile", "egress")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_gibibyte_is_no_answer_and_is_not_read_whether_it_says_so_or_not(bool announced)
    {
        await using var server = new HostileServer(async (self, stream, cancellation) =>
        {
            await self.WriteAsync(stream, Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{(announced ? "Content-Length: 1073741824\r\n" : "Connection: close\r\n")}\r\n"), cancellation);
            var block = Encoding.ASCII.GetBytes(new string(' ', 64 * 1024));
            for (var left = 1L << 30; left > 0; left -= block.Length) await self.WriteAsync(stream, block, cancellation);
        });
        Assert.Equal(new FormAnswer.Answered(200, null), await PostAsync(server, [server.Host]));
        // What fits into the buffers of two sockets.
        Assert.InRange(server.Sent, 0, 32L << 20);
    }

    [Theory]
    [Trait("hostile", "egress")]
    [InlineData("text/html", "<html></html>")]
    [InlineData("application/jwt", "{}")]
    [InlineData("application/problem+json", "{}")]
    [InlineData("application/json; charset=utf-16", "{}")]
    public async Task Another_kind_of_body_is_none(string type, string body)
    {
        await using var server = new HostileServer(HostileServer.Saying($"200 OK\r\nContent-Type: {type}\r\nContent-Length: {body.Length}", Encoding.ASCII.GetBytes(body)));
        Assert.Equal(new FormAnswer.Answered(200, null), await PostAsync(server, [server.Host]));
    }

    [Fact]
    [Trait("hostile", "egress")]
    public async Task An_error_of_the_other_side_is_its_status()
    {
        await using var server = new HostileServer(HostileServer.Saying("500 Oops\r\nContent-Type: text/html\r\nContent-Length: 4", "oops"u8.ToArray()));
        Assert.Equal(new FormAnswer.Answered(500, null), await PostAsync(server, [server.Host]));
    }

    [Theory]
    [Trait("hostile", "egress")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Silence_and_a_drip_are_left_after_ten_seconds(bool drips)
    {
        var asked = new TaskCompletionSource();
        await using var server = new HostileServer(async (self, stream, cancellation) =>
        {
            if (drips) await self.WriteAsync(stream, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"u8.ToArray(), cancellation);
            asked.TrySetResult();
            while (drips)
            {
                await self.WriteAsync(stream, " "u8.ToArray(), cancellation);
                await Task.Delay(20, cancellation);
            }
            await Task.Delay(Timeout.Infinite, cancellation);
        });
        var clock = new FakeClock();
        using var form = new GuardedForm(EgressGuard.Default, [server.Host], clock, HostileServer.Trust);
        var posting = form.PostAsync(server.Url, Form, null, Most, Cancellation);
        await asked.Task.WaitAsync(Cancellation);
        clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(posting.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(new FormAnswer.Unanswered("no answer within 10 s"), await posting);
    }

    [Fact]
    [Trait("hostile", "egress")]
    public async Task Sixteen_ask_one_endpoint_at_once_others_wait_and_too_many_are_refused_at_once()
    {
        var full = new TaskCompletionSource();
        var open = 0;
        await using var server = new HostileServer(async (_, _, cancellation) =>
        {
            if (Interlocked.Increment(ref open) == GuardedForm.MostAtOnce) full.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellation);
        });
        var clock = new FakeClock();
        using var form = new GuardedForm(EgressGuard.Default, [server.Host], clock, HostileServer.Trust);
        var posting = Enumerable.Range(0, GuardedForm.MostAtOnce + GuardedForm.MostWaiting).Select(_ => form.PostAsync(server.Url, Form, null, Most, Cancellation)).ToList();
        await full.Task.WaitAsync(Cancellation);
        Assert.Equal(new FormAnswer.Unanswered("too many requests wait for it already"), await form.PostAsync(server.Url, Form, null, Most, Cancellation));
        Assert.Equal(GuardedForm.MostAtOnce, server.Connections);
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.All(await Task.WhenAll(posting), answer => Assert.Equal(new FormAnswer.Unanswered("no answer within 10 s"), answer));
    }

    private static async Task<FormAnswer> PostAsync(HostileServer server, string[] named)
    {
        using var form = new GuardedForm(EgressGuard.Default, named, TimeProvider.System, HostileServer.Trust);
        return await form.PostAsync(server.Url, Form, null, Most, Cancellation);
    }
}
