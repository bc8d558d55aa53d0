using Symbolon.Core.Identity;

namespace Symbolon.Core.Announcements;

/// <summary>
/// Events that wait for the webhook. Any node tells them: it claims one for a while, within which no other node has it. A node that dies
/// meanwhile leaves it to the next, so an event is told at least once, and never by two at the same time while a claim holds.
/// </summary>
/// <remarks>Every member throws <c>StoreUnavailableException</c> where the store does not answer.</remarks>
public interface IAnnouncementStore
{
    /// <summary>Takes one that is due; new ones before those that are tried again.</summary>
    /// <param name="hold">For how long no other node takes it.</param>
    /// <param name="endpoint">Where it would be sent, as a fingerprint: to one that is gone, nothing but a ping is due.</param>
    Task<Announcement?> ClaimAsync(TimeSpan hold, string endpoint, CancellationToken cancellation);

    /// <summary>It was told. An endpoint that was gone is there again.</summary>
    Task DeliveredAsync(Announcement claimed, CancellationToken cancellation);

    /// <summary>It was not. A ping is not tried again; anything else is, unless the claim has passed to another node.</summary>
    /// <param name="why">For people: no secret, and no text of the other side.</param>
    /// <param name="pause">Until the next attempt.</param>
    /// <param name="gone">The endpoint that wants no more, or null.</param>
    Task FailedAsync(Announcement claimed, string why, TimeSpan pause, string? gone, CancellationToken cancellation);

    /// <summary>Gives up on some of those that happened longer ago than <paramref name="age"/>, with a record of how many.</summary>
    /// <returns>How many.</returns>
    Task<int> GiveUpAsync(TimeSpan age, CancellationToken cancellation);

    Task<AnnouncementState> StateAsync(OrganisationId organisation, CancellationToken cancellation);
}
