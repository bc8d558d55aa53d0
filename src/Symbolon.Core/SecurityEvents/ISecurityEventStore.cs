using Symbolon.Core.Identity;

namespace Symbolon.Core.SecurityEvents;

/// <summary>
/// Events that wait for the APIs that let themselves be told; they come there with the change that they are about. Those that are pushed are told in their order, each at least
/// once, by whichever node claims the stream of that API for a while.
/// </summary>
/// <remarks>Every member throws <c>StoreUnavailableException</c> where the store does not answer.</remarks>
public interface ISecurityEventStore
{
    /// <summary>Takes the oldest event of an API that is due and that nobody else tells now.</summary>
    /// <param name="hold">For how long no other node takes that API.</param>
    Task<ClaimedEvent?> ClaimAsync(TimeSpan hold, CancellationToken cancellation);

    /// <summary>It was told, and goes.</summary>
    Task DeliveredAsync(ClaimedEvent claimed, CancellationToken cancellation);

    /// <summary>It was not, and comes again, unless the claim has passed to another node.</summary>
    /// <param name="why">For people: no secret, and no text of the other side but an error code.</param>
    Task FailedAsync(ClaimedEvent claimed, string why, TimeSpan pause, CancellationToken cancellation);

    /// <summary>The API cannot use it: it goes, with a record.</summary>
    /// <inheritdoc cref="FailedAsync" path="/param"/>
    Task RefusedAsync(ClaimedEvent claimed, string why, CancellationToken cancellation);

    /// <summary>The oldest events of an API; they stay until it has acknowledged them.</summary>
    Task<SecurityEventPage> ReadAsync(OrganisationId organisation, string client, int most, CancellationToken cancellation);

    /// <summary>The API has taken these, and cannot use those; what is not its own, or gone already, is passed over.</summary>
    /// <param name="refused">With the reason of each.</param>
    Task AcknowledgeAsync(OrganisationId organisation, string client, IReadOnlyCollection<string> taken, IReadOnlyDictionary<string, string> refused, CancellationToken cancellation);

    /// <summary>Gives up on some of those that happened longer ago than <paramref name="age"/>, with a record of how many.</summary>
    /// <returns>How many of each client; none when there is nothing more to give up.</returns>
    Task<IReadOnlyList<(string Client, int Count)>> GiveUpAsync(TimeSpan age, CancellationToken cancellation);

    /// <returns>Null where the client is told nothing.</returns>
    Task<SecurityEventState?> StateAsync(OrganisationId organisation, string client, CancellationToken cancellation);
}
