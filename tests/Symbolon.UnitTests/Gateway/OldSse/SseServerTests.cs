using System.IO.Pipelines;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Gateway.Upstreams;
using Symbolon.Gateway.Upstreams.Channels;
using Symbolon.Gateway.Upstreams.Credentials;
using Symbolon.Gateway.Upstreams.OldSse;
using Symbolon.Testing.Fakes;

namespace Symbolon.UnitTests.Gateway.OldSse;

[Trait("area", "channels")]
public sealed class SseServerTests : IDisposable
{
    private readonly FakeClock clock = new();
    private readonly OldServer server = new();
    private CredentialHeader credential = new CredentialHeader.Header("X-Key", "s3cret");

    public void Dispose() => server.Dispose();

    [Fact]
    public async Task Callers_share_one_stream_and_get_their_own_answers()
    {
        using var invoker = Open();
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => CallAsync(invoker, $"caller{i % 5}", $"say {i}")));
        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"say {i}"), answers.Select(answer => answer.GetProperty("result").GetProperty("said").GetString()));
        Assert.All(answers, answer => Assert.Equal("same", answer.GetProperty("id").GetString()));
        Assert.Equal(1, server.Streams);
        Assert.Equal(["initialize", "notifications/initialized"], server.Methods.Take(2));
        Assert.All(server.Keys, key => Assert.Equal("s3cret", key));
    }

    [Theory]
    [InlineData("http://elsewhere.example/messages")]
    [InlineData("//elsewhere.example/messages")]
    [InlineData("https://old.example/messages")]
    [InlineData("http://old.example:81/messages")]
    [InlineData("http://user@old.example/messages")]
    public async Task An_endpoint_of_another_origin_gets_nothing(string endpoint)
    {
        server.Endpoint = endpoint;
        using var invoker = Open();
        var fault = await Assert.ThrowsAsync<UpstreamFault>(() => CallAsync(invoker, "a", "x"));
        Assert.Equal(ReasonCode.UpstreamInvalid, fault.Code);
        Assert.Empty(server.Methods);
    }

    [Fact]
    public async Task A_message_that_the_server_does_not_take_fails_alone()
    {
        using var invoker = Open();
        await CallAsync(invoker, "a", "x");
        server.Refused = "poison";
        var fault = await Assert.ThrowsAsync<UpstreamFault>(() => CallAsync(invoker, "a", "poison"));
        Assert.Equal(ReasonCode.UpstreamInvalid, fault.Code);
        Assert.Equal("y", (await CallAsync(invoker, "b", "y")).GetProperty("result").GetProperty("said").GetString());
        Assert.Equal(1, server.Streams);
    }

    [Fact]
    public async Task A_server_that_forgot_the_stream_is_opened_again_for_the_next_caller()
    {
        using var invoker = Open();
        await CallAsync(invoker, "a", "x");
        clock.Advance(TimeSpan.FromMinutes(1));
        server.HasForgotten = true;
        await Assert.ThrowsAsync<UpstreamFault>(() => CallAsync(invoker, "a", "y"));
        server.HasForgotten = false;
        Assert.Equal("z", (await CallAsync(invoker, "a", "z")).GetProperty("result").GetProperty("said").GetString());
        Assert.Equal(2, server.Streams);
    }

    [Fact]
    public async Task A_server_of_the_first_revision_is_presented_as_one_of_the_second()
    {
        using var invoker = Open();
        var opening = await PostAsync(invoker, "a", """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{}}}""");
        Assert.Equal("2025-03-26", opening.GetProperty("result").GetProperty("protocolVersion").GetString());
    }

    [Fact]
    public async Task Without_a_usable_credential_the_server_is_not_asked()
    {
        credential = CredentialHeader.Expired;
        using var invoker = Open();
        await Assert.ThrowsAsync<UpstreamFault>(() => CallAsync(invoker, "a", "x"));
        Assert.Equal(0, server.Streams);
    }

    [Fact]
    public async Task A_server_that_is_told_who_asks_is_told_of_each_caller_with_their_own_message_and_else_of_the_gateway()
    {
        credential = new CredentialHeader.Identified(credential, new ShownIdentity("X-Who", () => "gateway"));
        using var invoker = Open();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => CallAsync(invoker, $"caller{i % 5}", $"say {i}", $"of {i}")));
        Assert.All(Enumerable.Range(0, 20), i => Assert.Equal($"of {i}", server.WhoSaid($"say {i}")));
        Assert.Equal(("gateway", "gateway"), (server.WhoSaid("initialize"), server.WhoSaid("(stream)")));
        Assert.All(server.Keys, key => Assert.Equal("s3cret", key));
    }

    private ChannelInvoker Open()
    {
        var old = new SseServer(new HttpMessageInvoker(server, disposeHandler: false), new Uri("http://old.example/sse"), () => credential, 1 << 20, clock);
        var pool = new ChannelPool(old, ProcessIsolation.Shared, new ChannelLimits(), "old", clock, NullLogger.Instance);
        return new ChannelInvoker(new ChannelHandler(pool));
    }

    private static Task<JsonElement> CallAsync(HttpMessageInvoker invoker, string caller, string text, string? who = null) =>
        PostAsync(invoker, caller, "{\"jsonrpc\":\"2.0\",\"id\":\"same\",\"method\":\"tools/call\",\"params\":{\"name\":\"" + text + "\"}}", who);

    private static async Task<JsonElement> PostAsync(HttpMessageInvoker invoker, string caller, string message, string? who = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://old.example/sse") { Content = new StringContent(message) };
        ChannelCaller.Mark(request, caller);
        if (who is not null) new ShownIdentity("X-Who", () => who).AddTo(request);
        using var answer = await invoker.SendAsync(request, TestContext.Current.CancellationToken);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
    }

    /// <summary>A server of 2024-11-05 that says what it is asked to call.</summary>
    private sealed class OldServer : HttpMessageHandler
    {
        private readonly Lock gate = new();
        private readonly List<string> methods = [];
        private readonly List<string?> keys = [];
        private PipeWriter? stream;

        public string Endpoint { get; set; } = "messages?session=1";

        public string? Refused { get; set; }

        public bool HasForgotten { get; set; }

        public int Streams { get; private set; }

        private readonly Dictionary<string, string> who = [];

        /// <summary>Who was said to ask, with the message that called this, or has this method.</summary>
        public string? WhoSaid(string text)
        {
            lock (gate) return who.GetValueOrDefault(text);
        }

        public IReadOnlyList<string> Methods
        {
            get
            {
                lock (gate) return [.. methods];
            }
        }

        public IReadOnlyList<string?> Keys
        {
            get
            {
                lock (gate) return [.. keys];
            }
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            lock (gate) keys.Add(request.Headers.TryGetValues("X-Key", out var values) ? values.Single() : null);
            var said = request.Headers.TryGetValues("X-Who", out var told) ? told.Single() : "";
            if (request.Method == HttpMethod.Get)
            {
                lock (gate) who["(stream)"] = said;
                return await OpenAsync(cancellationToken);
            }
            Assert.Equal("http://old.example/messages?session=1", request.RequestUri!.AbsoluteUri);
            if (HasForgotten) return new HttpResponseMessage(HttpStatusCode.NotFound);
            var message = JsonDocument.Parse(await request.Content!.ReadAsStringAsync(cancellationToken)).RootElement;
            var method = message.GetProperty("method").GetString()!;
            lock (gate) methods.Add(method);
            var name = method == "tools/call" ? message.GetProperty("params").GetProperty("name").GetString() : null;
            lock (gate) who[name ?? method] = said;
            if (name is not null && name == Refused) return new HttpResponseMessage(HttpStatusCode.BadRequest);
            if (message.TryGetProperty("id", out var id))
                await SayAsync("event: message\ndata: {\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":"
                    + (name is null ? "{\"protocolVersion\":\"2024-11-05\",\"capabilities\":{},\"serverInfo\":{\"name\":\"old\",\"version\":\"1\"}}" : "{\"said\":\"" + name + "\"}") + "}\n\n");
            return new HttpResponseMessage(HttpStatusCode.Accepted);
        }

        private async Task<HttpResponseMessage> OpenAsync(CancellationToken cancellation)
        {
            var pipe = new Pipe();
            stream = pipe.Writer;
            Streams++;
            await SayAsync($"event: endpoint\ndata: {Endpoint}\n\n");
            var content = new StreamContent(pipe.Reader.AsStream());
            content.Headers.ContentType = new("text/event-stream");
            cancellation.ThrowIfCancellationRequested();
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
        }

        private async Task SayAsync(string text)
        {
            ValueTask<FlushResult> written;
            lock (gate) written = stream!.WriteAsync(Encoding.UTF8.GetBytes(text));
            await written;
        }
    }
}
