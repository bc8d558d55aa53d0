using System.IO.Pipelines;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Symbolon.Core.Audit;
using Symbolon.Core.Revocation;
using Symbolon.Testing.Gateway;

namespace Symbolon.UnitTests.Gateway;

/// <summary>GET: the stream on which a server tells what nobody asked for.</summary>
[Trait("area", "gateway")]
public sealed class SessionStreamTests : IDisposable
{
    private readonly GatewayRig rig = new();
    private readonly Pipe upstream = new();

    public void Dispose()
    {
        upstream.Writer.Complete();
        rig.Dispose();
    }

    [Fact]
    public async Task The_stream_of_a_session_relays_changed_lists_and_ends_with_the_token()
    {
        var opened = await rig.PostAsync(
            """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"c","version":"1"}}}""");
        rig.Upstream.Before = request => request.Http == "GET" ? ScriptedUpstream.Events(upstream.Reader.AsStream()) : null;
        var (context, body, running) = Start(context => context.Request.Headers["Mcp-Session-Id"] = opened.Headers["Mcp-Session-Id"]);
        await SendAsync("""{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}""");
        await Eventually.HoldsAsync(() => body.Text.Contains("list_changed", StringComparison.Ordinal), "the notification passes");
        Assert.Contains(rig.Audit.Records, record => record is { Kind: AuditKind.Request, Method: "HTTP GET" });
        await SendAsync("""{"jsonrpc":"2.0","id":7,"result":{}}""");
        rig.Revoke(RevocationLevel.Token, "tok_1");
        await running;
        Assert.Equal(200, context.Response.StatusCode);
        Assert.DoesNotContain("result", body.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_that_the_upstream_does_not_offer_is_405()
    {
        rig.Upstream.Before = request => request.Http == "GET" ? new HttpResponseMessage(HttpStatusCode.MethodNotAllowed) : null;
        Assert.Equal(405, (await rig.SendAsync("GET", [])).Status);
    }

    [Fact]
    public async Task What_a_stream_drops_is_recorded_under_its_own_id_while_others_call()
    {
        rig.Upstream.Before = request => request.Http == "GET" ? ScriptedUpstream.Events(upstream.Reader.AsStream()) : null;
        var (_, body, running) = Start(_ => { });
        await Eventually.HoldsAsync(() => rig.Audit.Records.Any(record => record.Method == "HTTP GET"), "the stream is on record");
        var opened = rig.Audit.Records.Single(record => record.Method == "HTTP GET");

        // Whoever asks next is lent the entry that the stream has closed.
        var held = new TaskCompletionSource();
        rig.Upstream.Hold = request => request.Method == "tools/call" ? held.Task : Task.CompletedTask;
        var calling = rig.CallAsync("rollout_status");
        await Eventually.HoldsAsync(() => rig.Upstream.Calls.Any(), "the call is at the upstream");
        await SendAsync("""{"jsonrpc":"2.0","id":8,"result":{}}""");
        await Eventually.HoldsAsync(() => rig.Audit.Records.Any(record => record.Kind == AuditKind.UpstreamDropped), "the message is recorded as dropped");

        Assert.NotNull(opened.Call);
        Assert.Equal(opened.Call, rig.Audit.Records.Single(record => record.Kind == AuditKind.UpstreamDropped).Call);
        held.SetResult();
        await calling;
        await upstream.Writer.CompleteAsync();
        await running;
        Assert.Empty(body.Text);
    }

    private async Task SendAsync(string message) => await upstream.Writer.WriteAsync(Encoding.UTF8.GetBytes("data: " + message + "\n\n"));

    private (HttpContext Context, CapturedBody Body, Task Running) Start(Action<HttpContext> change)
    {
        var context = rig.ContextOf("GET", []);
        var body = new CapturedBody();
        context.Response.Body = body;
        change(context);
        return (context, body, Task.Run(() => rig.HandleAsync(context)));
    }
}
