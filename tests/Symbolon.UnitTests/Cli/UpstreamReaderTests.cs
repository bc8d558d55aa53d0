using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Symbolon.Cli.Output;
using Symbolon.Cli.Upstreams;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Tools;

namespace Symbolon.UnitTests.Cli;

[Trait("area", "cli")]
public sealed class UpstreamReaderTests
{
    private const string Tool = """{"name":"t","title":"T","description":"d","inputSchema":{"type":"object","maximum":1.0}}""";

    [Fact]
    public async Task A_server_of_both_eras_is_read_in_both()
    {
        var upstream = new FakeUpstream { Modern = [$"{{\"tools\":[{Tool}]}}"], Legacy = [$"{{\"tools\":[{Tool}]}}"] };

        var eras = await upstream.ReadAsync();

        Assert.Equal([Era.Modern, Era.Legacy], eras.OfType<EraListing.Listed>().Select(era => era.Era));
        Assert.Equal(["server/discover", "tools/list", "initialize", "notifications/initialized", "tools/list", "DELETE"], upstream.Seen);
        Assert.Equal(Tool, eras.OfType<EraListing.Listed>().First().Tools.Single().GetRawText());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_of_one_era_is_read_in_that_one(bool modern)
    {
        var upstream = modern ? new FakeUpstream { Modern = [$"{{\"tools\":[{Tool}]}}"] } : new FakeUpstream { Legacy = [$"{{\"tools\":[{Tool}]}}"] };

        var eras = await upstream.ReadAsync();

        Assert.Equal(modern ? Era.Modern : Era.Legacy, Assert.Single(eras.OfType<EraListing.Listed>()).Era);
    }

    [Theory]
    [InlineData(UpstreamEra.Modern, "server/discover", "tools/list")]
    [InlineData(UpstreamEra.Legacy, "initialize", "notifications/initialized", "tools/list", "DELETE")]
    public async Task A_server_whose_era_is_said_is_asked_in_no_other(UpstreamEra era, params string[] seen)
    {
        var upstream = new FakeUpstream { Modern = [$"{{\"tools\":[{Tool}]}}"], Legacy = [$"{{\"tools\":[{Tool}]}}"], Era = era };
        await upstream.ReadAsync();
        Assert.Equal(seen, upstream.Seen);
    }

    [Fact]
    public async Task A_server_that_names_the_version_that_it_refuses_is_asked_once_more()
    {
        var upstream = new FakeUpstream { Modern = [$"{{\"tools\":[{Tool}]}}"], Era = UpstreamEra.Modern };
        upstream.Refusals.Enqueue("""{"code":-32022,"message":"m","data":{"supported":["2026-07-28"],"requested":"2026-07-28"}}""");
        Assert.IsType<EraListing.Listed>(Assert.Single(await upstream.ReadAsync()));
        Assert.Equal(["server/discover", "server/discover", "tools/list"], upstream.Seen);
    }

    [Theory]
    [InlineData("""{"code":-32022,"message":"m","data":{"supported":["2026-07-28"]}}""", 2)]
    [InlineData("""{"code":-32022,"message":"m","data":{"supported":["2099-01-01"]}}""", 1)]
    [InlineData("""{"code":-32601,"message":"m","data":{"supported":["2026-07-28"]}}""", 1)]
    [InlineData("""{"code":-32022,"message":"m","data":"2026-07-28"}""", 1)]
    [InlineData("""{"code":1e99,"message":"m"}""", 1)]
    [InlineData("\"no\"", 1)]
    public async Task Whoever_goes_on_refusing_or_means_something_else_is_not_asked_again(string error, int times)
    {
        var upstream = new FakeUpstream { Modern = [$"{{\"tools\":[{Tool}]}}"], Era = UpstreamEra.Modern };
        for (var i = 0; i < 3; i++) upstream.Refusals.Enqueue(error);
        await Assert.ThrowsAsync<CommandException>(upstream.ReadAsync);
        Assert.Equal(times, upstream.Seen.Count);
    }

    [Fact]
    public async Task What_it_may_ask_clients_for_is_declared_where_its_tools_are_read()
    {
        var upstream = new FakeUpstream { Modern = [$"{{\"tools\":[{Tool}]}}"], Legacy = [$"{{\"tools\":[{Tool}]}}"], Features = ClientFeatures.Sampling | ClientFeatures.Roots };
        await upstream.ReadAsync();
        Assert.Equal(3, upstream.Capabilities.Count);
        Assert.All(upstream.Capabilities, each => Assert.Equal("{\"sampling\":{\"context\":{},\"tools\":{}},\"roots\":{}}", each));
    }

    [Fact]
    public void A_listed_tool_that_is_none_by_the_specification_is_left_out_and_told()
    {
        using var listed = JsonDocument.Parse("[" + Tool + ",{\"name\":\"u\",\"inputSchema\":{\"type\":\"string\"}}]");
        var draft = Draft([new EraListing.Listed(Era.Modern, "2026-07-28", [.. listed.RootElement.EnumerateArray()])]);
        Assert.Equal("t", Assert.Single(draft.Tools).Name.Value);
        Assert.Equal(new DroppedTool("u", "it is no tool by the specification: inputSchema.type is not \"object\""), Assert.Single(draft.Dropped));
    }

    [Fact]
    public async Task All_pages_are_read_and_an_empty_cursor_is_a_cursor()
    {
        var upstream = new FakeUpstream
        {
            Legacy = ["""{"tools":[{"name":"a"}],"nextCursor":""}""", """{"tools":[{"name":"b"}],"nextCursor":"x"}""", """{"tools":[{"name":"c"}],"nextCursor":null}"""],
        };

        var listed = (await upstream.ReadAsync()).OfType<EraListing.Listed>().Single();

        Assert.Equal(["a", "b", "c"], listed.Tools.Select(tool => tool.GetProperty("name").GetString()));
        Assert.Equal(["", "x"], upstream.Cursors);
    }

    [Fact]
    public async Task A_list_without_end_is_given_up()
    {
        var upstream = new FakeUpstream { Legacy = ["""{"tools":[],"nextCursor":"x"}""", """{"tools":[],"nextCursor":"x"}"""] };

        var failure = await Assert.ThrowsAsync<CommandException>(upstream.ReadAsync);

        Assert.Contains("circle", string.Join('\n', failure.Details), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"id":1,"result":{}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":99,"result":{}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{"supportedVersions":[1,"\ud800"],"protocolVersion":7}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"\ud800"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":[],"error":5}""")]
    [InlineData("[]")]
    [InlineData("")]
    public async Task What_is_no_answer_is_no_server(string body)
    {
        var upstream = new FakeUpstream { Body = body };

        var failure = await Assert.ThrowsAsync<CommandException>(upstream.ReadAsync);

        Assert.Equal((ExitCode.Error, "upstream_invalid"), (failure.ExitCode, failure.Code));
        Assert.Equal(2, failure.Details.Count);
    }

    [Fact]
    public async Task An_answer_without_end_is_cut_off()
    {
        var upstream = new FakeUpstream { Endless = true };

        var failure = await Assert.ThrowsAsync<CommandException>(upstream.ReadAsync);

        Assert.Contains("longer than 16 MiB", failure.Details[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_wants_a_credential_is_told_as_such()
    {
        var failure = await Assert.ThrowsAsync<CommandException>(new FakeUpstream { Status = HttpStatusCode.Unauthorized }.ReadAsync);

        Assert.Equal("upstream_refused", failure.Code);
        Assert.Contains("--header", failure.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_draft_has_the_digest_of_each_era_and_asks_nobody_to_trust_it()
    {
        const string Changed = """{"name":"t","title":"T","description":"other","inputSchema":{"type":"object","maximum":1.0}}""";
        var upstream = new FakeUpstream { Modern = [$"{{\"tools\":[{Tool},{{\"name\":\"new\",\"inputSchema\":{{\"type\":\"object\"}}}}]}}"], Legacy = [$"{{\"tools\":[{Changed}]}}"] };

        var draft = Draft(await upstream.ReadAsync());

        Assert.Equal(["t", "new"], draft.Tools.Select(tool => tool.Name.Value));
        // Neither name nor description says what they do.
        Assert.All(draft.Tools, tool => Assert.Equal(Effect.Irreversible, tool.Effect));
        var both = draft.Tools[0];
        Assert.Equal(ToolDigest.Of(Encoding.UTF8.GetBytes(Tool))!.Text, both.Digests.Modern);
        Assert.Equal(ToolDigest.Of(Encoding.UTF8.GetBytes(Changed))!.Text, both.Digests.Legacy);
        Assert.Equal("d", both.Description);
        Assert.Null(draft.Tools[1].Digests.Legacy);
        Assert.Contains("\"maximum\":1.0", draft.Json.GetRawText(), StringComparison.Ordinal);
        Assert.Empty(DocumentReader.Read(draft.Json).Errors);
    }

    [Fact]
    public async Task Tools_that_a_file_cannot_hold_are_dropped_by_name()
    {
        var tools = new JsonArray(
            new JsonObject { ["name"] = "good", ["inputSchema"] = new JsonObject { ["type"] = "object" } },
            new JsonObject { ["name"] = "bad name" },
            new JsonObject { ["name"] = "good", ["description"] = "again" },
            new JsonObject { ["name"] = "nul", ["description"] = "a\0b", ["inputSchema"] = new JsonObject { ["type"] = "object" } },
            new JsonObject { ["name"] = "schema", ["inputSchema"] = "text" },
            new JsonObject { ["title"] = "no name" },
            new JsonObject { ["name"] = "half", ["description"] = "HALF" },
            new JsonObject { ["name"] = "HALF" },
            JsonValue.Create("no tool"),
            new JsonObject { ["name"] = "long", ["title"] = new string('x', 10_000), ["inputSchema"] = new JsonObject { ["type"] = "object" } });
        var upstream = new FakeUpstream { Legacy = [new JsonObject { ["tools"] = tools }.ToJsonString().Replace("HALF", "\\ud800", StringComparison.Ordinal)] };

        var draft = Draft(await upstream.ReadAsync());

        Assert.Equal("good", Assert.Single(draft.Tools).Name.Value);
        Assert.Equal(["(no name)", "(no name)", "(no name)", "bad name", "good", "half", "long", "nul", "schema"], draft.Dropped.Select(tool => tool.Name).Order(StringComparer.Ordinal));
        Assert.Empty(DocumentReader.Read(draft.Json).Errors);
    }

    private static ServerDraft Draft(IReadOnlyList<EraListing> eras) =>
        ServerDraft.Of(new ServerName("s"), new ServerManifest { Owner = "o@example.com", Upstream = new UpstreamAddress.Http { Url = new Uri("http://127.0.0.1:1/mcp") }, Credential = new UpstreamCredential.None() }, eras.OfType<EraListing.Listed>());

    /// <summary>Answers as a server of one or both eras: JSON to the stateless revision, events to the other.</summary>
    private sealed class FakeUpstream : HttpMessageHandler
    {
        private static readonly UpstreamAddress.Http Address = new() { Url = new Uri("http://127.0.0.1:1/mcp") };

        public UpstreamEra Era { get; init; }
        public ClientFeatures Features { get; init; }

        /// <summary>Answers to the first questions of the modern era, in their place.</summary>
        public Queue<string> Refusals { get; } = [];
        public List<string> Capabilities { get; } = [];
        /// <summary>Results of <c>tools/list</c>, page by page; null: the era is not spoken.</summary>
        public string[]? Modern { get; init; }
        public string[]? Legacy { get; init; }
        public string? Body { get; init; }
        public bool Endless { get; init; }
        public HttpStatusCode Status { get; init; } = HttpStatusCode.OK;
        public List<string> Seen { get; } = [];
        public List<string> Cursors { get; } = [];
        private int page;

        public async Task<IReadOnlyList<EraListing>> ReadAsync() =>
            (await UpstreamReader.ReadAsync(new HttpClient(this, disposeHandler: false), Address with { Era = Era }, Features, null, CancellationToken.None)).Eras;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (Status != HttpStatusCode.OK) return new HttpResponseMessage(Status);
            if (Endless) return Answer(new StreamContent(new Zeros()), "text/event-stream");
            if (Body is not null) return Answer(new StringContent(Body), "application/json");
            if (request.Method == HttpMethod.Delete)
            {
                Seen.Add("DELETE");
                return new HttpResponseMessage(HttpStatusCode.OK);
            }
            var message = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!;
            var method = (string)message["method"]!;
            Seen.Add(method);
            if ((message["params"]?["capabilities"] ?? message["params"]?["_meta"]?["io.modelcontextprotocol/clientCapabilities"]) is { } declared) Capabilities.Add(declared.ToJsonString());
            if (message["params"]?["cursor"] is { } cursor) Cursors.Add((string)cursor!);
            return Reply(method, message, request.Headers.Contains("Mcp-Method"));
        }

        private HttpResponseMessage Reply(string method, JsonNode message, bool modern)
        {
            var pages = modern ? Modern : Legacy;
            if (pages is null) return new HttpResponseMessage(HttpStatusCode.BadRequest);
            var id = message["id"]?.ToJsonString();
            if (modern && Refusals.TryDequeue(out var error))
            {
                var refused = Answer(new StringContent($"{{\"jsonrpc\":\"2.0\",\"id\":{id},\"error\":{error}}}"), "application/json");
                refused.StatusCode = HttpStatusCode.BadRequest;
                return refused;
            }
            var result = method switch
            {
                "server/discover" => """{"supportedVersions":["2026-07-28"],"capabilities":{"tools":{}}}""",
                "initialize" => """{"protocolVersion":"2025-11-25","capabilities":{"tools":{}}}""",
                "tools/list" => pages[page++],
                _ => null,
            };
            if (result is null) return new HttpResponseMessage(HttpStatusCode.Accepted);
            if (page == pages.Length) page = 0;
            var answer = $"{{\"jsonrpc\":\"2.0\",\"id\":{id},\"result\":{result}}}";
            if (modern) return Answer(new StringContent(answer), "application/json");
            var events = Answer(new StringContent($": hello\n\nevent: message\ndata: {{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"}}\n\ndata: {answer}\n\n"), "text/event-stream");
            if (method == "initialize") events.Headers.Add("Mcp-Session-Id", "s1");
            return events;
        }

        private static HttpResponseMessage Answer(HttpContent content, string type)
        {
            content.Headers.ContentType = new MediaTypeHeaderValue(type);
            return new HttpResponseMessage { Content = content };
        }
    }

    private sealed class Zeros : MemoryStream
    {
        public override int Read(byte[] buffer, int offset, int count)
        {
            buffer.AsSpan(offset, count).Fill((byte)'0');
            return count;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            buffer.Span.Fill((byte)'0');
            return ValueTask.FromResult(buffer.Length);
        }
    }
}
