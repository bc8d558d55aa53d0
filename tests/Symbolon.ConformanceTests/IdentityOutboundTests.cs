using System.IO.Compression;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;
using Symbolon.Server.Outbound;

namespace Symbolon.ConformanceTests;

/// <summary>IDENTITY.md section 5, no. 6, on real sockets: where the guarded handler connects to, and what it does by itself (nothing).</summary>
[Trait("area", "outbound")]
public sealed class IdentityOutboundTests : IAsyncLifetime
{
    private static readonly ServerName Name = new("deploy");

    private readonly Configuration configuration = new(new EpochTable());
    private WebApplication upstream = null!;
    private WebApplication canary = null!;
    private int canaryConnections;
    private IReadOnlyList<string> seen = [];

    private Uri Upstream => AddressOf(upstream);
    private Uri Canary => AddressOf(canary);

    public async ValueTask InitializeAsync()
    {
        canary = await ServeAsync(context => Task.CompletedTask, () => Interlocked.Increment(ref canaryConnections));
        upstream = await ServeAsync(AnswerAsync, () => { });
    }

    public async ValueTask DisposeAsync()
    {
        await upstream.DisposeAsync();
        await canary.DisposeAsync();
    }

    [Fact]
    [Trait("clause", "IDENTITY.md §5 no. 6")]
    public async Task A_redirect_is_an_answer_and_nobody_goes_there()
    {
        Approve(Upstream);
        using var answer = await SendAsync(Upstream, "/redirect");
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        Assert.Equal(0, canaryConnections);
    }

    [Fact]
    [Trait("clause", "IDENTITY.md §5 no. 6")]
    public async Task An_internal_address_that_is_not_an_approved_servers_sees_no_packet()
    {
        Approve(Upstream);
        foreach (var host in new[] { "127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::ffff:127.0.0.1]", "localhost." })
        {
            var url = new Uri($"http://{host}:{Canary.Port}/");
            var thrown = await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(url, "/"));
            Assert.IsType<EgressRefusedException>(thrown.InnerException);
        }
        Assert.Equal(0, canaryConnections);
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Reviews")]
    public async Task A_server_that_was_suspended_is_not_connected_to_any_more()
    {
        Approve(Canary);
        using (var answer = await SendAsync(Canary, "/")) Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(1, canaryConnections);
        Approve(Canary, Lifecycle.Suspended);
        using var handlers = Handlers();
        await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(Canary, "/", handlers));
        Assert.Equal(1, canaryConnections);
    }

    /// <summary>Read off the handler: the framework reads http_proxy once a process, so setting it here would reach other tests.</summary>
    [Fact]
    [Trait("clause", "IDENTITY.md §5 no. 6")]
    public void A_proxy_of_the_environment_is_not_used()
    {
        using var handler = new UpstreamConnections(configuration, EgressGuard.Default, TimeSpan.FromSeconds(5))
            .Open(OrganisationId.Default, Name, UpstreamOrigin.Of(Upstream)!.Value);
        Assert.False(handler.UseProxy);
        Assert.Null(handler.Proxy);
    }

    [Fact]
    public async Task No_cookie_is_kept_nothing_is_unpacked_and_no_header_is_added()
    {
        Approve(Upstream);
        using var handlers = Handlers();
        (await SendAsync(Upstream, "/cookie", handlers)).Dispose();
        using var packed = await SendAsync(Upstream, "/gzip", handlers);

        Assert.Equal(["Host"], seen);
        var bytes = await packed.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.Equal([0x1F, 0x8B], bytes[..2]);
    }

    [Fact]
    [Trait("clause", "IDENTITY.md §5 no. 14")]
    public async Task Headers_of_an_answer_are_bounded()
    {
        Approve(Upstream);
        await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(Upstream, "/headers"));
    }

    private Task AnswerAsync(HttpContext context)
    {
        seen = [.. context.Request.Headers.Select(header => header.Key)];
        switch (context.Request.Path.Value)
        {
            case "/redirect":
                context.Response.Redirect(Canary.AbsoluteUri);
                return Task.CompletedTask;
            case "/cookie":
                context.Response.Cookies.Append("session", "1");
                return Task.CompletedTask;
            case "/headers":
                for (var i = 0; i < 100; i++) context.Response.Headers[$"X-{i}"] = new string('a', 1000);
                return Task.CompletedTask;
            case "/gzip":
                context.Response.Headers.ContentEncoding = "gzip";
                using (var packed = new MemoryStream())
                {
                    using (var zip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) zip.Write("hello"u8);
                    return context.Response.Body.WriteAsync(packed.ToArray()).AsTask();
                }
            default:
                return Task.CompletedTask;
        }
    }

    private UpstreamHandlers Handlers() =>
        new(new UpstreamConnections(configuration, EgressGuard.Default, TimeSpan.FromSeconds(5)), configuration, TimeProvider.System, TimeSpan.FromMinutes(1));

    private async Task<HttpResponseMessage> SendAsync(Uri origin, string path, UpstreamHandlers? through = null)
    {
        using var own = through is null ? Handlers() : null;
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(origin, path));
        var answer = await (through ?? own!).For(OrganisationId.Default, Name, origin).SendAsync(request, TestContext.Current.CancellationToken);
        await answer.Content.LoadIntoBufferAsync(TestContext.Current.CancellationToken);
        return answer;
    }

    private void Approve(Uri url, Lifecycle state = Lifecycle.Active)
    {
        var manifest = new ServerManifest { Owner = "owner@example.com", Upstream = new UpstreamAddress.Http { Url = url } };
        var version = new ManifestVersion { Number = 1, AppliedBy = "a", AppliedAt = 1, Manifest = manifest };
        configuration.Apply(new ConfigurationChanges(
            configuration.Revision + 1, [(OrganisationId.Default, new ServerObject { Name = Name, State = state, Approved = version })], []));
    }

    private static async Task<WebApplication> ServeAsync(RequestDelegate answer, Action connected)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Use(next => connection =>
        {
            connected();
            return next(connection);
        })));
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private static Uri AddressOf(WebApplication app) =>
        new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
}
