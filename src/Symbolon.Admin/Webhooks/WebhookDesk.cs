using Symbolon.Core;
using Symbolon.Core.Announcements;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Webhooks;

/// <summary>What an administrator sees of the webhook, and the trying of it.</summary>
internal sealed class WebhookDesk(WebhookAddress address, IAnnouncementStore announcements, ChangeDesk changes)
{
    public async Task<WebhookResponse> ShowAsync(OrganisationId organisation, CancellationToken cancellation)
    {
        var state = await announcements.StateAsync(organisation, cancellation);
        return new WebhookResponse(
            address.Url is null ? "none" : state.Gone == address.Fingerprint ? "gone" : "on", address.Url?.AbsoluteUri, state.Waiting,
            state.OldestAt is { } oldest ? UnixTime.FromMicroseconds(oldest) : null, Shown(state.LastSuccess), Shown(state.LastFailure), Shown(state.LastTest), state.Lost);
    }

    /// <summary>Has a ping sent, by the way that every event goes.</summary>
    public async Task<Result<WebhookTestResponse>> TestAsync(Requester requester, string? reason, CancellationToken cancellation)
    {
        var note = new ChangeNote("try the webhook", "Webhook") { Reason = reason };
        if (address.Url is null) return await changes.RefuseAsync(requester, note, ChangeError.Conflict("no_webhook", "No webhook is set: webhook.url and webhook.secretFile."));
        var ping = new Change.Announce(AnnouncementType.Ping, "", "{}");
        return (await changes.CommitAsync(requester, note, [ping], cancellation)).Select(_ => new WebhookTestResponse(ping.Id));
    }

    private static WebhookAttemptResponse? Shown(AnnouncementAttempt? attempt) =>
        attempt is null ? null : new WebhookAttemptResponse(attempt.Id, attempt.Type, UnixTime.FromMicroseconds(attempt.At), attempt.Why);
}
