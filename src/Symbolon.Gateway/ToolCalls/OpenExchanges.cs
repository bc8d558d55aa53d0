using Microsoft.Extensions.Hosting;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Symbolon.Gateway.Authentication;
using Symbolon.Gateway.Mcp;
using Symbolon.Gateway.Upstreams;
using Symbolon.Gateway.Upstreams.Channels;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>
/// All requests of known callers that are under way. Ends those whose token, grant or server is taken away the moment it is known, and
/// those past a deadline at the next sweep: four sweeps a second instead of a timer for each call.
/// </summary>
internal sealed class OpenExchanges : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan Sweep = TimeSpan.FromMilliseconds(250);

    /// <summary>How long calls may finish once the node stops; well within the bound of the whole stop.</summary>
    private static readonly TimeSpan FinishWithin = TimeSpan.FromSeconds(5);
    private const int MostDetachSteps = 100;
    private static readonly TimeSpan DetachStep = TimeSpan.FromMilliseconds(20);
    private static readonly Refusal Revoked = new(ReasonCode.TokenRevoked, "The token was revoked.");
    private static readonly Refusal Expired = new(ReasonCode.TokenExpired, "The token has expired.");
    private static readonly Refusal Narrowed = new(ReasonCode.NotGranted, "The grant behind this call was taken back.");
    private static readonly Refusal Suspended = new(ReasonCode.ServerSuspended, "The server was suspended.");
    private static readonly Refusal Stopping = new(ReasonCode.Overloaded, "This node is stopping.") { Form = RefusalForm.Upstream, RetryAfter = 1 };
    private static readonly Refusal Silent = UpstreamFault.TimedOut().ToRefusal();

    private readonly Stripe[] stripes = [.. Enumerable.Range(0, 8).Select(_ => new Stripe())];
    private readonly StandingTable standings;
    private readonly CallLimits limits;
    private readonly TimeProvider clock;
    private int turn;
    private long stoppingSince;

    public OpenExchanges(Configuration configuration, StandingTable standings, GatewayOptions options, TimeProvider clock)
    {
        this.standings = standings;
        this.clock = clock;
        limits = new CallLimits(options, server: null);
        configuration.Epochs.Raised += _ => EndWhatMayNotGoOn();
        configuration.Changed += EndWhatMayNotGoOn;
        configuration.TokenRotated += rotation => EndWhere(exchange => exchange.Caller!.Record.Id == rotation.Token, Revoked);
    }

    public int Count => stripes.Sum(stripe => stripe.Count);

    public void Add(Exchange exchange)
    {
        exchange.Stripe = (int)((uint)Interlocked.Increment(ref turn) % (uint)stripes.Length);
        stripes[exchange.Stripe].Add(exchange);
    }

    /// <summary>When it returns, nothing will end this exchange any more.</summary>
    public void Remove(Exchange exchange) => stripes[exchange.Stripe].Remove(exchange);

    /// <summary>
    /// A legacy client no longer waits for one of its requests: it gets no response. Without a session nothing but the token tells
    /// clients apart: what two of them could have meant is left alone.
    /// </summary>
    public void Cancel(Exchange notice)
    {
        var found = 0;
        foreach (var stripe in stripes)
            stripe.ForEach(exchange => found += IsTheRequestOf(exchange, notice) ? 1 : 0);
        if (notice.Session is null && found != 1) return;
        foreach (var stripe in stripes)
            stripe.ForEach(exchange =>
            {
                // Where there is a session the server is told, and decides itself when it ends.
                if (IsTheRequestOf(exchange, notice)) exchange.Cancel(atOnce: notice.Session is null);
            });
    }

    /// <summary>
    /// A client has come for the rest of its stream: the request that it left, if it is still open on this node, is let go, and with it the server's stream.
    /// </summary>
    public async Task DetachAsync(Guid call, Exchange by)
    {
        for (var step = 0; step < MostDetachSteps; step++)
        {
            var found = false;
            foreach (var stripe in stripes)
                stripe.ForEach(exchange =>
                {
                    // Whose it is, the sealed place has shown; its token may be a newer one by now.
                    if (exchange.Call != call || exchange == by) return;
                    found = true;
                    if (!exchange.IsDetached) exchange.Detach();
                });
            if (!found) return;
            // Not a time of the protocol: the other request is on its way out, on this machine.
            await Task.Delay(DetachStep, by.Stop);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Sweep, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) SweepDeadlines();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
    }

    /// <summary>Before the listener stops, since it waits for what is open: streams end now, calls may finish for a while.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        Volatile.Write(ref stoppingSince, Math.Max(1, clock.GetTimestamp()));
        SweepDeadlines();
        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    internal void SweepDeadlines()
    {
        var timestamp = clock.GetTimestamp();
        var now = NowMicroseconds();
        foreach (var stripe in stripes)
            stripe.ForEach(exchange =>
            {
                if (now >= exchange.Caller!.EndsAt) exchange.End(Expired);
                else if (WhyNot(exchange, now) is { } reason) exchange.End(reason);
                else if (MustStop(exchange, timestamp)) Stop(exchange);
                else if ((!exchange.IsListening || exchange.Resumed is { Method: not McpMethod.None }) && IsLate(exchange, timestamp)) exchange.End(Silent);
            });
    }

    /// <summary>Whoever can come for the rest of its stream is let go without an answer: another node, or this one when it runs again, gives it the server's.</summary>
    private static void Stop(Exchange exchange)
    {
        if (!exchange.CanComeBack) exchange.End(Stopping);
        else if (!exchange.IsDetached) exchange.Detach();
    }

    private bool MustStop(Exchange exchange, long timestamp) =>
        Volatile.Read(ref stoppingSince) is not 0 and var since
        && (exchange.IsListening || clock.GetElapsedTime(since, timestamp) >= FinishWithin);

    private bool IsLate(Exchange exchange, long timestamp)
    {
        var bounds = exchange.Upstream?.Limits ?? limits;
        return (exchange.IsWaiting && !IsAsking(exchange, timestamp) && clock.GetElapsedTime(exchange.HeardAt, timestamp) >= bounds.Silence)
            || clock.GetElapsedTime(exchange.StartedAt, timestamp) >= bounds.Call;
    }

    private static bool IsAsking(Exchange exchange, long timestamp)
    {
        if (exchange.IsAsking) return true;
        if (exchange.Request is not { } request || ChannelCaller.AskedOf(request) is not { IsSet: true }) return false;
        // When all is answered, its silence counts from then on.
        exchange.HeardAt = timestamp;
        return true;
    }

    private void EndWhatMayNotGoOn()
    {
        var now = NowMicroseconds();
        foreach (var stripe in stripes)
            stripe.ForEach(exchange =>
            {
                if (WhyNot(exchange, now) is { } reason) exchange.End(reason);
            });
    }

    private Refusal? WhyNot(Exchange exchange, long now)
    {
        var standing = standings.Of(exchange.Caller!, exchange.Server, now);
        // What passes on a stream is decided by what holds then.
        if (exchange.Standing is not null && standing is Standing.Known current) exchange.Standing = current;
        return WhyNot(exchange, standing);
    }

    private static Refusal? WhyNot(Exchange exchange, Standing standing) => standing switch
    {
        _ when exchange.Caller!.IsReplaced => Revoked,
        Standing.Dead => Revoked,
        Standing.Nowhere => Narrowed,
        Standing.Known { Server.State: Lifecycle.Suspended } => Suspended,
        Standing.Known known when exchange.Tool?.Tool is { } tool && known.Reach[tool.Name.Value].Decision is Decision.Deny deny =>
            deny.Needs is { } needs ? Narrowed with { Needs = needs } : Narrowed,
        Standing.Known known when exchange.Target is { } target && !target.In(known.Reach).IsAllowed => Narrowed,
        _ => null,
    };

    private void EndWhere(Func<Exchange, bool> which, Refusal reason)
    {
        foreach (var stripe in stripes)
            stripe.ForEach(exchange =>
            {
                if (which(exchange)) exchange.End(reason);
            });
    }

    private static bool IsTheRequestOf(Exchange exchange, Exchange notice) =>
        exchange.Caller!.Record.Id == notice.Caller!.Record.Id
        && exchange.Server == notice.Server
        && exchange.Session == notice.Session
        && exchange.Message.Id.IsPresent
        && AnswerEnvelope.SameId(exchange.Message.At(exchange.Message.Id), notice.Message.At(notice.Message.RequestId));

    private long NowMicroseconds() => clock.GetUtcNow().ToUnixTimeMilliseconds() * 1000;

    private sealed class Stripe
    {
        private readonly Lock gate = new();
        private Exchange? first;

        public int Count { get; private set; }

        public void Add(Exchange exchange)
        {
            lock (gate)
            {
                exchange.Next = first;
                if (first is not null) first.Previous = exchange;
                first = exchange;
                Count++;
            }
        }

        public void Remove(Exchange exchange)
        {
            lock (gate)
            {
                if (exchange.Previous is { } previous) previous.Next = exchange.Next;
                else first = exchange.Next;
                if (exchange.Next is { } next) next.Previous = exchange.Previous;
                exchange.Next = exchange.Previous = null;
                Count--;
            }
        }

        public void ForEach(Action<Exchange> action)
        {
            lock (gate)
                for (var exchange = first; exchange is not null; exchange = exchange.Next) action(exchange);
        }
    }
}
