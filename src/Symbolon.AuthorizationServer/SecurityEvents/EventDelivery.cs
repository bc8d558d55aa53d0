using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Symbolon.Core.Identity;
using Symbolon.Core.Outbound;
using Symbolon.Core.Registry;
using Symbolon.Core.SecurityEvents;
using Symbolon.Core.Snapshot;

namespace Symbolon.AuthorizationServer.SecurityEvents;

/// <summary>
/// Posts to APIs what they are to be told (RFC 8935): of each API one event after the other, of several at the same time, so that none waits for another that does not answer. Other nodes do the
/// same beside it. An event is at its end when the API took it, said that it cannot use it, or did neither for three days.
/// </summary>
internal sealed partial class EventDelivery(ISecurityEventStore store, EventPen pen, IEventPost post, Configuration configuration, EventSignal signal, TimeProvider clock, ILogger<EventDelivery> log) : BackgroundService
{
    private const int MostAtOnce = 16;

    /// <summary>Between two looks while nothing is heard of.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenGivingUp = TimeSpan.FromMinutes(1);

    /// <summary>Longer than an attempt may take, so that no other node takes the API meanwhile.</summary>
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(20);

    /// <summary>Whom a receiver that comes back is to be told of, was revoked meanwhile: it does not wait for hours as the webhook may.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim room = new(MostAtOnce);

    /// <summary>An attempt is over: there may be another event for the same API.</summary>
    private readonly SemaphoreSlim again = new(0);
    private readonly ConcurrentDictionary<string, bool> failing = new();
    private long? gaveUpAt;

    public override void Dispose()
    {
        room.Dispose();
        again.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                var next = signal.Next;
                if (!await StepAsync(stoppingToken)) await WaitAsync(next, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
        // What the other sides did is kept, so that they are not told twice for a stop that came in between.
        for (var i = 0; i < MostAtOnce; i++) await room.WaitAsync(CancellationToken.None);
    }

    private async Task WaitAsync(Task next, CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(next, again.WaitAsync(end.Token), Task.Delay(Pause, clock, end.Token));
        await end.CancelAsync();
    }

    /// <returns>Whether there may be more to do now.</returns>
    private async Task<bool> StepAsync(CancellationToken cancellation)
    {
        // Where nobody is told anything the store is not asked either.
        if (!configuration.Clients(OrganisationId.Default).Any(client => client.Events is not null)) return false;
        await room.WaitAsync(cancellation);
        var isTaken = false;
        try
        {
            await GiveUpAsync(cancellation);
            if (await store.ClaimAsync(Hold, cancellation) is not { } claimed) return false;
            isTaken = true;
            _ = TellAsync(claimed, cancellation);
            return true;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
        finally
        {
            if (!isTaken) room.Release();
        }
    }

    private async Task TellAsync(ClaimedEvent claimed, CancellationToken cancellation)
    {
        try
        {
            await TellNowAsync(claimed, cancellation);
        }
        catch (Exception failed) when (failed is StoreUnavailableException or OperationCanceledException)
        {
            // The claim ends by itself, and the event comes again.
        }
        catch (Exception failed)
        {
            // Whatever it is: the next one must not wait in silence behind it.
            LogBroken(failed, claimed.Event.Client, claimed.Event.Id);
        }
        finally
        {
            room.Release();
            if (again.CurrentCount == 0) again.Release();
        }
    }

    private async Task TellNowAsync(ClaimedEvent claimed, CancellationToken cancellation)
    {
        var told = claimed.Event;
        if (configuration.Client(told.Organisation, told.Client) is not { State: Lifecycle.Active, Events.Url: { } url, Audience: { } audience })
        {
            // Of another node's change that this one has not heard of yet.
            await store.FailedAsync(claimed, "this node knows no address of it", Pause, CancellationToken.None);
            return;
        }
        var answer = pen.Sign(told, audience) is { } token ? await post.SendAsync(new Uri(url), token, cancellation) : new EventPostAnswer.Failed("there is no key to sign with");
        switch (answer)
        {
            case EventPostAnswer.Taken:
                await store.DeliveredAsync(claimed, CancellationToken.None);
                if (failing.TryRemove(told.Client, out _)) LogAgain(told.Client);
                break;
            case EventPostAnswer.Refused refused:
                await store.RefusedAsync(claimed, $"refused by the receiver: {refused.Error}", CancellationToken.None);
                LogRefused(told.Client, told.Id, refused.Error);
                break;
            case EventPostAnswer.Failed failed:
                await store.FailedAsync(claimed, failed.Why, PauseAfter(claimed.Attempts), CancellationToken.None);
                if (failing.TryAdd(told.Client, true)) LogFailed(told.Client, told.Id, failed.Why);
                break;
        }
    }

    internal static TimeSpan PauseAfter(int attempts) => DeliveryPauses.After(attempts, Random.Shared.NextDouble()) is var pause && pause < LongestPause ? pause : LongestPause;

    private async Task GiveUpAsync(CancellationToken cancellation)
    {
        if (gaveUpAt is { } last && clock.GetElapsedTime(last) < BetweenGivingUp) return;
        while (await store.GiveUpAsync(DeliveryPauses.Patience, cancellation) is { Count: > 0 } lost)
            foreach (var (client, count) in lost) LogGivenUp(count, client);
        gaveUpAt = clock.GetTimestamp();
    }

    [LoggerMessage(EventId = 3301, Level = LogLevel.Warning, Message = "The client {Client} was not told of the security event {Id}: {Why}. Until it takes one, further failures are in 'symbolon client events' alone")]
    private partial void LogFailed(string client, string id, string why);

    [LoggerMessage(EventId = 3305, Level = LogLevel.Error, Message = "The security event {Id} for the client {Client} could not be told for a fault of this program; it is tried again")]
    private partial void LogBroken(Exception fault, string client, string id);

    [LoggerMessage(EventId = 3302, Level = LogLevel.Information, Message = "The client {Client} takes security events again")]
    private partial void LogAgain(string client);

    [LoggerMessage(EventId = 3303, Level = LogLevel.Warning, Message = "The client {Client} says that it cannot use the security event {Id}: {Error}")]
    private partial void LogRefused(string client, string id, string error);

    [LoggerMessage(EventId = 3304, Level = LogLevel.Warning, Message = "{Count} security events were given up: the client {Client} did not take them for three days")]
    private partial void LogGivenUp(int count, string client);
}
