using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Symbolon.Core.Outbound;
using Symbolon.Server.Outbound;

namespace Symbolon.ConformanceTests;

/// <summary>IDENTITY.md section 1.1 (CIMD) and section 5 no. 6: documents of hostile servers, over real sockets, through the fetch of the product.</summary>
[Trait("area", "oauth")]
public sealed class IdentityHostileDocumentTests
{
    private const int Most = 8 * 1024;
    private const string Json = "Content-Type: application/json\r\nConnection: close";
    private static readonly byte[] Good = "{\"client_id\":\"x\"}"u8.ToArray();

    /// <summary>Longer than the patience of a fetch, and its machine busy.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("clause", "IDENTITY.md §1.1 CIMD")]
    public async Task An_honest_document_is_fetched_and_one_in_a_character_set_that_says_utf_8_too()
    {
        foreach (var type in new[] { "application/json", "application/json; charset=utf-8", "application/oauth+json; charset=\"UTF-8\"" })
        {
            await using var server = new HostileServer(HostileServer.Saying($"200 OK\r\nContent-Type: {type}\r\nCache-Control: max-age=60\r\nContent-Length: {Good.Length}", Good));
            using var fetch = FetchOf(server);
            var found = Assert.IsType<FetchAnswer.Found>(await fetch.GetJsonAsync(server.Url, Most, Cancellation));
            Assert.Equal(Good, found.Body.ToArray());
            Assert.Equal(TimeSpan.FromSeconds(60), found.MaxAge);
        }
    }

    public static TheoryData<string, string, int> Answers => new()
    {
        { "a redirect to a document inside", "302 Found\r\nLocation: {canary}\r\nContent-Length: 0", 0 },
        { "a permanent one", "308 Permanent Redirect\r\nLocation: {canary}\r\nContent-Length: 0", 0 },
        { "another status", $"404 Not Found\r\n{Json}\r\nContent-Length: {{length}}", 1 },
        { "a part of it", $"206 Partial Content\r\n{Json}\r\nContent-Range: bytes 0-16/99\r\nContent-Length: {{length}}", 1 },
        { "no type", "200 OK\r\nConnection: close\r\nContent-Length: {length}", 1 },
        { "a page", "200 OK\r\nContent-Type: text/html\r\nContent-Length: {length}", 1 },
        { "UTF-16", "200 OK\r\nContent-Type: application/json; charset=utf-16\r\nContent-Length: {length}", 1 },
        { "gzip", $"200 OK\r\n{Json}\r\nContent-Encoding: gzip\r\nContent-Length: {{length}}", 2 },
        { "more than 64 KiB, as it says", $"200 OK\r\n{Json}\r\nContent-Length: {{length}}", 3 },
        { "more than 64 KiB, as it does not say", $"200 OK\r\n{Json}", 3 },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    [Trait("clause", "IDENTITY.md §1.1 CIMD")]
    [Trait("hostile", "cimd")]
    public async Task What_is_no_small_plain_document_is_refused(string what, string head, int body)
    {
        var bytes = body switch { 0 => [], 1 => Good, 2 => Bomb(), _ => Encoding.ASCII.GetBytes($"{{\"x\":\"{new string('x', 70_000)}\"}}") };
        await using var canary = new HostileServer(HostileServer.Saying($"200 OK\r\n{Json}\r\nContent-Length: {Good.Length}", Good));
        await using var server = new HostileServer(HostileServer.Saying(
            head.Replace("{length}", $"{bytes.Length}", StringComparison.Ordinal).Replace("{canary}", canary.Url.AbsoluteUri, StringComparison.Ordinal), bytes));
        using var fetch = FetchOf(server, canary);
        Assert.True(await fetch.GetJsonAsync(server.Url, Most, Cancellation) is FetchAnswer.Refused, what);
        Assert.Equal(0, canary.Connections);
    }

    [Fact]
    [Trait("clause", "IDENTITY.md §1.1 CIMD")]
    [Trait("hostile", "cimd")]
    public async Task Ten_gigabytes_are_left_after_a_few_kilobytes()
    {
        await using var server = new HostileServer(async (self, stream, cancellation) =>
        {
            await self.WriteAsync(stream, Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\n{Json}\r\n\r\n"), cancellation);
            var block = new byte[64 * 1024];
            for (var left = 10L << 30; left > 0; left -= block.Length) await self.WriteAsync(stream, block, cancellation);
        });
        using var fetch = FetchOf(server);
        var allocated = GC.GetTotalAllocatedBytes();
        Assert.IsType<FetchAnswer.Refused>(await fetch.GetJsonAsync(server.Url, Most, Cancellation));
        Assert.InRange(GC.GetTotalAllocatedBytes() - allocated, 0, 50L << 20);
        // What fits into the buffers of two sockets.
        Assert.InRange(server.Sent, 0, 32L << 20);
    }

    [Fact]
    [Trait("clause", "IDENTITY.md §5 no. 15")]
    [Trait("hostile", "cimd")]
    public async Task Whoever_is_slow_is_left_within_seconds_and_others_are_served_meanwhile()
    {
        HostileServer[] slow =
        [
            // Drips.
            new(async (self, stream, cancellation) =>
            {
                await self.WriteAsync(stream, Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\n{Json}\r\nContent-Length: 1000\r\n\r\n"), cancellation);
                using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
                while (await beat.WaitForNextTickAsync(cancellation)) await self.WriteAsync(stream, " "u8.ToArray(), cancellation);
            }),
            // Drips its head.
            new(async (self, stream, cancellation) =>
            {
                await self.WriteAsync(stream, "HTTP/1.1 200 OK\r\n"u8.ToArray(), cancellation);
                using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
                while (await beat.WaitForNextTickAsync(cancellation)) await self.WriteAsync(stream, "x: y\r\n"u8.ToArray(), cancellation);
            }),
            // Says nothing after the request, nothing at all, and half of a handshake.
            new((_, _, cancellation) => Task.Delay(Timeout.Infinite, cancellation)),
            new((_, _, cancellation) => Task.Delay(Timeout.Infinite, cancellation), speaksTls: false),
            new(async (_, stream, cancellation) =>
            {
                await stream.WriteAsync(new byte[] { 0x16, 0x03, 0x03, 0x00, 0x7a, 0x02, 0x00, 0x00 }, cancellation);
                await Task.Delay(Timeout.Infinite, cancellation);
            }, speaksTls: false),
        ];
        await using var honest = new HostileServer(HostileServer.Saying($"200 OK\r\n{Json}\r\nContent-Length: {Good.Length}", Good));
        using var fetch = FetchOf([honest, .. slow]);
        var started = Stopwatch.GetTimestamp();
        var waiting = Task.WhenAll(slow.Select(server => fetch.GetJsonAsync(server.Url, Most, Cancellation)));
        Assert.IsType<FetchAnswer.Found>(await fetch.GetJsonAsync(honest.Url, Most, Cancellation));
        Assert.False(waiting.IsCompleted);
        Assert.All(await waiting, answer => Assert.IsType<FetchAnswer.Unreachable>(answer));
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.FromSeconds(4), Bound);
        Assert.All(slow, server => Assert.Equal(1, server.Connections));
        foreach (var server in slow) await server.DisposeAsync();
    }

    [Fact]
    [Trait("clause", "IDENTITY.md §5 no. 6")]
    [Trait("hostile", "cimd")]
    public async Task A_name_that_turns_inside_a_port_that_nobody_named_and_a_foreign_certificate_are_answered_alike()
    {
        await using var server = new HostileServer(HostileServer.Saying($"200 OK\r\n{Json}\r\nContent-Length: {Good.Length}", Good));
        var asked = 0;
        var guard = new EgressGuard((_, _) => asked++ == 0 ? throw new SocketException((int)SocketError.HostNotFound) : Task.FromResult(new[] { IPAddress.Loopback }));
        using var turning = new GuardedFetch(guard, [], TimeProvider.System, HostileServer.Trust);
        for (var i = 1; i <= 2; i++) Assert.IsType<FetchAnswer.Unreachable>(await turning.GetJsonAsync(new Uri("https://turning.example/client.json"), Most, Cancellation));
        Assert.Equal(2, asked);
        using var unnamed = new GuardedFetch(EgressGuard.Default, ["localhost"], TimeProvider.System, HostileServer.Trust);
        Assert.IsType<FetchAnswer.Unreachable>(await unnamed.GetJsonAsync(server.Url, Most, Cancellation));
        Assert.Equal(0, server.Connections);
        using var untrusting = new GuardedFetch(EgressGuard.Default, [server.Host], TimeProvider.System);
        Assert.IsType<FetchAnswer.Unreachable>(await untrusting.GetJsonAsync(server.Url, Most, Cancellation));
    }

    private static GuardedFetch FetchOf(params HostileServer[] servers) => new(EgressGuard.Default, [.. servers.Select(server => server.Host)], TimeProvider.System, HostileServer.Trust);

    /// <summary>A megabyte of blanks in a kilobyte.</summary>
    private static byte[] Bomb()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize)) gzip.Write(new byte[1 << 20]);
        return packed.ToArray();
    }
}
