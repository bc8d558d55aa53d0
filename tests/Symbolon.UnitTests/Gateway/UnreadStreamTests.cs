using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Symbolon.Core.Revocation;
using Symbolon.Testing.Gateway;

namespace Symbolon.UnitTests.Gateway;

/// <summary>A client that opened a stream and takes nothing of it: when the stream is ended, so is the connection, since no last event would get through.</summary>
[Trait("area", "gateway")]
public sealed class UnreadStreamTests : IDisposable
{
    private readonly GatewayRig rig = new();
    private readonly Pipe upstream = new();

    public void Dispose()
    {
        upstream.Writer.Complete();
        rig.Dispose();
    }

    [Theory]
    [InlineData("the stream of a session")]
    [InlineData("a subscription")]
    public async Task A_client_that_took_nothing_for_seconds_is_cut_off_with_its_token(string stream)
    {
        var (context, connection) = stream == "a subscription" ? Subscribe() : Get();
        rig.Upstream.Before = request => request.Http == "GET" || request.Method == "subscriptions/listen" ? ScriptedUpstream.Events(upstream.Reader.AsStream()) : null;
        var body = new UnreadBody();
        context.Response.Body = body;
        var running = Task.Run(() => rig.Get<Symbolon.Gateway.ToolCalls.ToolCallPipeline>().HandleAsync(context), TestContext.Current.CancellationToken);
        await upstream.Writer.WriteAsync("data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}\n\n"u8.ToArray(), TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(() => body.IsWaiting, "the client is waited for");
        rig.Clock.Advance(TimeSpan.FromSeconds(3));
        rig.Revoke(RevocationLevel.Token, "tok_1");
        await running;
        Assert.True(connection.IsAborted);
    }

    private (HttpContext Context, Connection Connection) Get() => Watched(rig.ContextOf("GET", []));

    private (HttpContext Context, Connection Connection) Subscribe()
    {
        var context = rig.ContextOf("POST", Encoding.UTF8.GetBytes(
            "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"subscriptions/listen\",\"params\":{\"notifications\":{\"toolsListChanged\":true}," + GatewayRig.ModernMeta + "}}"));
        context.Request.Headers["MCP-Protocol-Version"] = "2026-07-28";
        context.Request.Headers["Mcp-Method"] = "subscriptions/listen";
        return Watched(context);
    }

    private static (HttpContext Context, Connection Connection) Watched(DefaultHttpContext context)
    {
        var connection = new Connection();
        context.Features.Set<IHttpRequestLifetimeFeature>(connection);
        return (context, connection);
    }

    private sealed class Connection : IHttpRequestLifetimeFeature
    {
        public CancellationToken RequestAborted { get; set; }

        public bool IsAborted { get; private set; }

        public void Abort() => IsAborted = true;
    }

    /// <summary>Takes no byte.</summary>
    private sealed class UnreadBody : MemoryStream
    {
        private volatile bool isWaiting;

        public bool IsWaiting => isWaiting;

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            isWaiting = true;
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }
}
