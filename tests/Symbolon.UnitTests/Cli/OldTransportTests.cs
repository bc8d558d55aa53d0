using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Symbolon.Cli.Output;
using Symbolon.Cli.Upstreams;
using Symbolon.Core.Registry;
using Symbolon.Core.Tools;

namespace Symbolon.UnitTests.Cli;

/// <summary>MCP 2025-11-25, Transports, Backwards Compatibility: a server that refuses POST may speak HTTP+SSE of 2024-11-05.</summary>
[Trait("area", "cli")]
public sealed class OldTransportTests
{
    private static readonly Uri Url = new("http://127.0.0.1:1/sse");

    [Theory]
    [InlineData(HttpStatusCode.MethodNotAllowed)]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.BadRequest)]
    public async Task A_server_that_refuses_POST_is_read_over_its_stream_of_events(HttpStatusCode status)
    {
        var upstream = new OldServer { Post = status };
        var read = await upstream.ReadAsync();
        Assert.Equal(new UpstreamAddress.Sse { Url = Url }, read.Address);
        var listed = Assert.IsType<EraListing.Listed>(Assert.Single(read.Eras));
        Assert.Equal((Era.Legacy, "old"), (listed.Era, listed.Tools.Single().GetProperty("name").GetString()));
        Assert.Equal(["initialize", "notifications/initialized", "tools/list"], upstream.Seen);
        Assert.All(upstream.Keys, key => Assert.Equal("k", key));
    }

    [Fact]
    public async Task A_server_that_breaks_down_on_POST_is_not_taken_for_an_old_one()
    {
        var upstream = new OldServer { Post = HttpStatusCode.InternalServerError };
        await Assert.ThrowsAsync<CommandException>(upstream.ReadAsync);
        Assert.Equal(0, upstream.Streams);
    }

    [Theory]
    [InlineData("http://evil.example/messages")]
    [InlineData("//evil.example/messages")]
    [InlineData("http://127.0.0.1:2/messages")]
    [InlineData("https://127.0.0.1:1/messages")]
    [InlineData("http://u:p@127.0.0.1:1/messages")]
    [InlineData("file:///etc/passwd")]
    public async Task Messages_and_header_go_to_no_other_origin(string endpoint)
    {
        var upstream = new OldServer { Endpoint = endpoint };
        var failure = await Assert.ThrowsAsync<CommandException>(upstream.ReadAsync);
        Assert.Contains("same origin", failure.Details[^1], StringComparison.Ordinal);
        Assert.All(upstream.Asked, uri => Assert.Equal(Url, uri));
    }

    [Fact]
    public async Task A_stream_that_begins_otherwise_or_ends_is_no_server()
    {
        var odd = await Assert.ThrowsAsync<CommandException>(new OldServer { First = "event: message\ndata: {}\n\n" }.ReadAsync);
        Assert.Contains("names no endpoint", odd.Details[^1], StringComparison.Ordinal);
        var ended = await Assert.ThrowsAsync<CommandException>(new OldServer { Ends = true }.ReadAsync);
        Assert.Contains("ended before the answer", ended.Details[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_that_wants_a_credential_is_told_as_such() =>
        Assert.Equal("upstream_refused", (await Assert.ThrowsAsync<CommandException>(new OldServer { Get = HttpStatusCode.Unauthorized }.ReadAsync)).Code);

    private sealed class OldServer : HttpMessageHandler
    {
        private readonly Pipe events = new();

        public HttpStatusCode Post { get; init; } = HttpStatusCode.MethodNotAllowed;
        public HttpStatusCode Get { get; init; } = HttpStatusCode.OK;
        public string Endpoint { get; init; } = "/messages?sessionId=1";
        public string? First { get; init; }
        public bool Ends { get; init; }
        public List<string> Seen { get; } = [];
        public List<Uri> Asked { get; } = [];
        public List<string> Keys { get; } = [];
        public int Streams { get; private set; }

        public Task<ReadUpstream> ReadAsync() => UpstreamReader.ReadAsync(new HttpClient(this, disposeHandler: false), new UpstreamAddress.Http { Url = Url }, ClientFeatures.None, ("X-Key", "k"), CancellationToken.None);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked.Add(request.RequestUri!);
            Keys.AddRange(request.Headers.GetValues("X-Key"));
            if (request.Method == HttpMethod.Get) return await OpenAsync();
            if (request.RequestUri == Url) return new HttpResponseMessage(Post);
            var message = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!;
            Seen.Add((string)message["method"]!);
            if (Ends) await events.Writer.CompleteAsync();
            else if (message["id"] is { } id) await WriteAsync($"event: message\ndata: {{\"jsonrpc\":\"2.0\",\"id\":{id.ToJsonString()},\"result\":{ResultOf((string)message["method"]!)}}}\n\n");
            return new HttpResponseMessage(HttpStatusCode.Accepted);
        }

        private async Task<HttpResponseMessage> OpenAsync()
        {
            Streams++;
            if (Get != HttpStatusCode.OK) return new HttpResponseMessage(Get);
            await WriteAsync(First ?? $"event: endpoint\ndata: {Endpoint}\n\n: a comment\n\n");
            var content = new StreamContent(events.Reader.AsStream());
            content.Headers.ContentType = new MediaTypeHeaderValue("text/event-stream");
            return new HttpResponseMessage { Content = content };
        }

        private static string ResultOf(string method) => method == "initialize"
            ? """{"protocolVersion":"2025-03-26","capabilities":{"tools":{}}}"""
            : """{"tools":[{"name":"old","inputSchema":{"type":"object"}}]}""";

        private async Task WriteAsync(string text)
        {
            await events.Writer.WriteAsync(Encoding.UTF8.GetBytes(text));
            await events.Writer.FlushAsync();
        }
    }
}
