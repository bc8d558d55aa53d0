using Symbolon.Client.Http;
using Symbolon.Client.Keys;
using Symbolon.Client.Tokens;

namespace Symbolon.Client.Revocation;

/// <summary>
/// What Symbolon has revoked, in memory, within a second of it. Runs from its making to its end and connects again by itself. Where nothing was heard for five
/// seconds it is not current, and whoever asks it must refuse: who was revoked meanwhile is not known.
/// </summary>
public sealed class RevocationFeed : IAsyncDisposable
{
    /// <summary>Without word for so long, nothing is known to be current.</summary>
    public static readonly TimeSpan MostSilence = TimeSpan.FromSeconds(5);

    private const double FirstPause = 0.5;
    private const double LongestPause = 15;
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private readonly InstanceKey key;
    private readonly string client;
    private readonly SymbolonAddress symbolon;
    private readonly HttpClient http;
    private readonly bool ownsHttp;
    private readonly TimeProvider clock;
    private readonly Func<double> random;
    private readonly RevocationTable table;
    private readonly CancellationTokenSource ended = new();
    private readonly Task running;
    private long? currentAt;
    private long lastNow;

    internal RevocationFeed(RevocationFeedOptions options, InstanceKey key, HttpClient? http, TimeProvider clock, Func<double> random)
    {
        this.key = key;
        symbolon = SymbolonAddress.Of(options.Symbolon, nameof(options.Symbolon));
        (client, this.clock, this.random, ownsHttp) = (options.ClientId, clock, random, http is null);
        this.http = http ?? SymbolonHttp.Create();
        table = new RevocationTable(clock);
        running = Task.Run(RunAsync);
    }

    /// <summary>Told of each connection that was refused or lost, with the reason; no secret is in it.</summary>
    public event Action<string>? Lost;

    /// <summary>Told when it has become current.</summary>
    public event Action? Connected;

    /// <summary>Whether what was revoked up to now is known.</summary>
    public bool IsCurrent
    {
        get
        {
            lock (table) return currentAt is { } at && clock.GetElapsedTime(at) < MostSilence;
        }
    }

    /// <summary>Begins to listen.</summary>
    /// <param name="http">One that follows no redirects. Null makes one.</param>
    /// <exception cref="InvalidOperationException">The key file can be read by others, or holds no key.</exception>
    /// <exception cref="ArgumentException">The address is no https address, or http on loopback.</exception>
    public static RevocationFeed Start(RevocationFeedOptions options, HttpClient? http = null, TimeProvider? clock = null) =>
        new(options, InstanceKey.OpenOrCreate(options.KeyFile), http, clock ?? TimeProvider.System, Random.Shared.NextDouble);

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        await running;
        key.Dispose();
        ended.Dispose();
        if (ownsHttp) http.Dispose();
    }

    internal bool IsRevoked(TokenContent token) => table.IsRevoked(token);

    private async Task RunAsync()
    {
        var pause = FirstPause;
        while (!ended.IsCancellationRequested)
        {
            var before = currentAt;
            try
            {
                await ListenAsync(ended.Token);
                TellLost("The feed has ended.");
            }
            catch (OperationCanceledException) when (ended.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                // Whatever it was: a feed that nobody reads any more would refuse all calls until the next start.
                TellLost(fault switch
                {
                    OperationCanceledException => "The feed was silent.",
                    HttpRequestException or IOException or InvalidDataException or TimeoutException => fault.Message,
                    _ => $"The feed could not be read: {fault.GetType().Name}.",
                });
            }
            pause = currentAt != before ? FirstPause : Math.Min(LongestPause, pause * 2);
            try
            {
                // Not all at once after a restart of Symbolon.
                await Task.Delay(TimeSpan.FromSeconds(pause * (0.5 + random() / 2)), clock, ended.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancellation)
    {
        using var silence = new CancellationTokenSource(SymbolonHttp.Deadline, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, silence.Token);
        using var request = new HttpRequestMessage(HttpMethod.Post, symbolon.Revocations)
        {
            Content = new FormUrlEncodedContent(
            [
                new("client_id", client),
                new("client_assertion_type", AssertionType),
                new("client_assertion", SignedClaims.Assertion(key, client, symbolon.Issuer, clock)),
            ]),
        };
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
        if (response.StatusCode != System.Net.HttpStatusCode.OK || response.Content.Headers.ContentType?.MediaType != "text/event-stream")
            throw new HttpRequestException($"Symbolon answered the feed with HTTP {(int)response.StatusCode}.");
        await using var stream = await response.Content.ReadAsStreamAsync(either.Token);
        var events = new FeedEvents(stream);
        var reading = new FeedReading(table, clock, lastNow);
        while (await events.NextAsync(either.Token) is { } said)
        {
            if (reading.Take(said)) Confirm();
            lastNow = reading.LastNow;
            silence.CancelAfter(MostSilence);
        }
    }

    private void Confirm()
    {
        var was = IsCurrent;
        lock (table) currentAt = clock.GetTimestamp();
        if (was) return;
        foreach (var listener in Delegate.EnumerateInvocationList(Connected)) Guard(listener);
    }

    private void TellLost(string reason)
    {
        foreach (var listener in Delegate.EnumerateInvocationList(Lost)) Guard(() => listener(reason));
    }

    /// <summary>Who listens to us must not be able to end what we listen to.</summary>
    private static void Guard(Action tell)
    {
        try
        {
            tell();
        }
        catch (Exception)
        {
            // It is theirs, and there is nobody here to tell it.
        }
    }
}
