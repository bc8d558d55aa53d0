using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Symbolon.Core.Announcements;
using Symbolon.Core.Outbound;
using Symbolon.Core.Snapshot;
using Symbolon.Server.Outbound;

namespace Symbolon.Server.Webhooks;

/// <summary>
/// Tells the webhook what waits, one event after the other; other nodes do the same beside it. An event is at its end when the endpoint answered 2xx,
/// or when it is three days old.
/// </summary>
internal sealed partial class WebhookDelivery(
    IAnnouncementStore announcements, GuardedPost post, WebhookKeys keys, WebhookAddress address, TimeProvider clock, ILogger<WebhookDelivery> log) : BackgroundService
{
    private const int Gone = 410;

    /// <summary>Between two looks while nothing is due.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenGivingUp = TimeSpan.FromMinutes(1);

    /// <summary>Longer than an attempt may take, so that no other node takes the event meanwhile.</summary>
    private static readonly TimeSpan Hold = GuardedPost.Patience * 2;

    private bool isFailing;
    private long? gaveUpAt;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
            if (!await StepAsync(stoppingToken)) await Task.Delay(Pause, clock, stoppingToken);
    }

    /// <returns>Whether there may be more to do now.</returns>
    private async Task<bool> StepAsync(CancellationToken cancellation)
    {
        try
        {
            await GiveUpAsync(cancellation);
            if (await announcements.ClaimAsync(Hold, address.Fingerprint, cancellation) is not { } claimed) return false;
            await TellAsync(claimed, cancellation);
            return true;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }

    private async Task TellAsync(Announcement claimed, CancellationToken cancellation)
    {
        var body = WebhookMessage.Of(claimed);
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var answer = await post.SendAsync(body,
        [
            new("webhook-id", claimed.Id),
            new("webhook-timestamp", now.ToString(CultureInfo.InvariantCulture)),
            new("webhook-signature", keys.Sign(claimed.Id, now, body)),
        ], cancellation);
        // What the other side did is kept whatever comes, so that it is not told twice for a stop that came in between.
        if (answer is PostAnswer.Answered { Status: >= 200 and < 300 })
        {
            await announcements.DeliveredAsync(claimed, CancellationToken.None);
            if (isFailing) LogAgain();
            isFailing = false;
            return;
        }
        var why = answer switch
        {
            PostAnswer.Answered answered => string.Create(CultureInfo.InvariantCulture, $"answered {answered.Status}"),
            PostAnswer.Unanswered unanswered => unanswered.Why,
            _ => throw new InvalidOperationException(),
        };
        var isGone = answer is PostAnswer.Answered { Status: Gone };
        await announcements.FailedAsync(claimed, why, DeliveryPauses.After(claimed.Attempts, Random.Shared.NextDouble()), isGone ? address.Fingerprint : null, CancellationToken.None);
        if (isGone) LogGone();
        else if (!isFailing) LogFailed(claimed.Type, claimed.Id, why);
        isFailing = true;
    }

    private async Task GiveUpAsync(CancellationToken cancellation)
    {
        if (gaveUpAt is { } last && clock.GetElapsedTime(last) < BetweenGivingUp) return;
        while (await announcements.GiveUpAsync(DeliveryPauses.Patience, cancellation) is > 0 and var count) LogGivenUp(count);
        gaveUpAt = clock.GetTimestamp();
    }

    [LoggerMessage(EventId = 5141, Level = LogLevel.Warning, Message = "The webhook was not told of {Type} {Id}: {Why}. Until it takes one, further failures are in 'symbolon webhook show' alone")]
    private partial void LogFailed(string type, string id, string why);

    [LoggerMessage(EventId = 5142, Level = LogLevel.Information, Message = "The webhook takes events again")]
    private partial void LogAgain();

    [LoggerMessage(EventId = 5143, Level = LogLevel.Warning, Message = "The webhook answered 410 Gone: it is told nothing more until 'symbolon webhook test' is answered with 2xx, or webhook.url is another")]
    private partial void LogGone();

    [LoggerMessage(EventId = 5144, Level = LogLevel.Warning, Message = "{Count} events were given up: the webhook could not be told of them for three days")]
    private partial void LogGivenUp(int count);
}
