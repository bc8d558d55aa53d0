using Symbolon.Core;
using Symbolon.Core.Changes;
using Symbolon.Core.Snapshot;

namespace Symbolon.Registry.Servers;

/// <summary>Closes reviews that nobody decided in time. Every node may call it; one of them does it.</summary>
public sealed class ReviewExpiry(IReviewStore reviews, ManifestReviews manifests, TimeProvider clock)
{
    /// <summary>Who closes them, in the record.</summary>
    public const string By = "clock";

    private const int MostAtOnce = 100;

    /// <returns>How many were over.</returns>
    /// <exception cref="StoreUnavailableException">They cannot be read.</exception>
    public async Task<int> CloseAsync(CancellationToken cancellation)
    {
        var over = await reviews.ExpiredAsync(clock.Microseconds(), MostAtOnce, cancellation);
        foreach (var (organisation, name) in over)
            if (await reviews.FindAsync(organisation, name, cancellation) is { } review)
                await manifests.ExpireAsync(new Requester(organisation, By), review, cancellation);
        return over.Count;
    }
}
