using System.Net;
using System.Text;
using Symbolon.Cli;
using Symbolon.Cli.Invocation;
using Symbolon.Testing.Fakes;
using Symbolon.Testing.Processes;

namespace Symbolon.UnitTests.Cli;

[Trait("area", "cli")]
public sealed class AuditTailTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task After_a_restart_it_goes_on_behind_the_last_record_with_the_new_token()
    {
        var fake = new FakeServer { Head = 4 };
        fake.Sends(5, 6);
        fake.Answers.Enqueue(_ => throw new HttpRequestException("Connection refused"));
        fake.Answers.Enqueue(_ => { fake.Token = "new"; return Problem(503); });
        // The server sent 6 before it stopped; a record that comes again is not shown again.
        fake.Sends(6, 7);

        await fake.RunUntilAsync(() => fake.Output.ToString().Contains("\"seq\":7", StringComparison.Ordinal));

        Assert.Equal(["5", "6", "7"], fake.Output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split("\"seq\":")[1].TrimEnd('}')));
        Assert.Equal(["after=4 old", "after=6 old", "after=6 old", "after=6 new"], fake.Tails.Take(4));
        Assert.Contains("ended the stream after record 6; trying again", fake.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("The server is back; going on after record 6.", fake.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_is_lost_before_its_first_record_goes_on_from_where_it_began()
    {
        var fake = new FakeServer { Head = 41 };
        fake.Sends();
        fake.Sends(42);

        await fake.RunUntilAsync(() => fake.Output.ToString().Contains("\"seq\":42", StringComparison.Ordinal));

        Assert.Equal(["after=41 old", "after=41 old"], fake.Tails.Take(2));
    }

    [Fact]
    public async Task A_connection_on_which_nothing_comes_any_more_is_given_up()
    {
        var fake = new FakeServer { Head = 4 };
        fake.Answers.Enqueue(_ => new HttpResponseMessage { Content = new StreamContent(new System.IO.Pipelines.Pipe().Reader.AsStream()) });
        fake.Sends(5);

        await fake.RunUntilAsync(() => fake.Output.ToString().Contains("\"seq\":5", StringComparison.Ordinal));

        Assert.Equal(["after=4 old", "after=4 old"], fake.Tails.Take(2));
        Assert.Contains("ended the stream after record 4", fake.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_stays_away_ends_it_and_the_hint_says_how_to_go_on()
    {
        var fake = new FakeServer { Head = 4 };
        fake.Sends(5);
        fake.Otherwise = _ => throw new HttpRequestException("Connection refused");

        Assert.Equal(7, await fake.RunAsync());
        Assert.Contains("did not come back for 5 minutes", fake.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("symbolon audit tail --after 5 goes on from here", fake.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_is_refused_again_ends_it()
    {
        var fake = new FakeServer { Head = 4 };
        fake.Sends(5);
        fake.Otherwise = _ => Problem(401);

        Assert.Equal(4, await fake.RunAsync());
    }

    [Fact]
    public async Task An_audit_that_is_shorter_than_what_was_shown_is_tampered_with()
    {
        var fake = new FakeServer { Head = 4 };
        fake.Sends(5);
        fake.Answers.Enqueue(_ => { fake.Head = 3; throw new HttpRequestException("Connection refused"); });

        Assert.Equal(2, await fake.RunAsync());
        Assert.Contains("ends with record 3, but record 5 was there already", fake.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_at_first_is_an_error_at_once()
    {
        var fake = new FakeServer { Head = 4, Otherwise = _ => throw new HttpRequestException("Connection refused") };

        Assert.Equal(7, await fake.RunAsync());
        Assert.Single(fake.Tails);
    }

    [Fact]
    public async Task What_is_no_number_is_no_record_to_start_behind()
    {
        var fake = new FakeServer();

        Assert.Equal(3, await fake.RunAsync("--after", "now"));
        Assert.Empty(fake.Tails);
    }

    private static HttpResponseMessage Problem(int status) =>
        new((HttpStatusCode)status) { Content = new StringContent($$"""{"status":{{status}},"code":"c","detail":"d"}""", Encoding.UTF8, "application/problem+json") };

    /// <summary>A server whose tail ends as the test says, each connection in its way; then it stays open.</summary>
    private sealed class FakeServer : HttpMessageHandler
    {
        private readonly FakeClock clock = new();

        public StringWriter Output { get; } = new();
        public StringWriter Error { get; } = new();
        public long Head { get; set; }
        public string Token { get; set; } = "old";
        public Queue<Func<HttpRequestMessage, HttpResponseMessage>> Answers { get; } = new();
        public Func<HttpRequestMessage, HttpResponseMessage>? Otherwise { get; set; }

        /// <summary>What each tail was asked: its <c>after</c> and its token.</summary>
        public List<string> Tails { get; } = [];

        /// <summary>The next connection brings these records and ends.</summary>
        public void Sends(params long[] seqs) => Answers.Enqueue(_ =>
        {
            Head = seqs.Append(Head).Max();
            var text = string.Concat(seqs.Select(seq => $"id: {seq}\ndata: {{\"seq\":{seq}}}\n\n"));
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(text, Encoding.UTF8, "text/event-stream") };
        });

        public async Task RunUntilAsync(Func<bool> done)
        {
            using var interrupt = new CancellationTokenSource();
            var running = StartAsync([], interrupt.Token);
            await Deadline.ForAsync("the records", () => { clock.Advance(TimeSpan.FromSeconds(1)); return done(); });
            await interrupt.CancelAsync();
            Assert.Equal(130, await running);
        }

        public async Task<int> RunAsync(params string[] options)
        {
            var running = StartAsync(options, CancellationToken.None);
            await Deadline.ForAsync("the end", () => { clock.Advance(Minute); return running.IsCompleted; });
            return await running;
        }

        private Task<int> StartAsync(string[] options, CancellationToken cancellation) =>
            CommandLine.RunAsync(["audit", "tail", "-o", "json", .. options], new Outside
            {
                Output = Output,
                OutputStream = () => Stream.Null,
                Error = Error,
                Input = () => Stream.Null,
                InputIsTerminal = false,
                OutputIsTerminal = false,
                Variable = name => name == "SYMBOLON_TOKEN" ? Token : null,
                Handler = () => new Shared(this),
                Clock = clock,
            }, cancellation);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri!.AbsolutePath == "/api/v1/audit/head")
                return Task.FromResult(new HttpResponseMessage { Content = new StringContent($$"""{"seq":{{Head}},"hash":"h"}""", Encoding.UTF8, "application/json") });
            Tails.Add($"{request.RequestUri.Query.TrimStart('?')} {request.Headers.Authorization?.Parameter}");
            if (Answers.TryDequeue(out var answer)) return Task.FromResult(answer(request));
            if (Otherwise is { } other) return Task.FromResult(other(request));
            return NeverAsync(cancellationToken);
        }

        private static async Task<HttpResponseMessage> NeverAsync(CancellationToken cancellation)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
            throw new InvalidOperationException();
        }

        /// <summary>A command disposes its handler with each connection.</summary>
        private sealed class Shared(FakeServer server) : HttpMessageHandler
        {
            protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => server.SendAsync(request, cancellationToken);
        }
    }
}
