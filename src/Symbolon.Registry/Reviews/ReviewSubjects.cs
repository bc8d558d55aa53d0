using System.Collections.Immutable;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Reviews;
using Symbolon.Core.Resources;
using Symbolon.Core.Snapshot;

namespace Symbolon.Registry.Reviews;

/// <summary>What a review is about, for who decides.</summary>
public sealed record ReviewSubject
{
    /// <summary>The server with the version that the review is about.</summary>
    public required ServerObject Server { get; init; }

    /// <summary>What serves, or served when it was decided; null for a registration.</summary>
    public required ManifestVersion? Before { get; init; }

    /// <summary>What would serve; null where it can no longer be made, see <see cref="Fault"/>.</summary>
    public required ServerManifest? After { get; init; }

    /// <summary>Why it cannot be approved as it is.</summary>
    public ChangeError? Fault { get; init; }

    /// <summary>The parts that are not live.</summary>
    public required ImmutableArray<WaitingPart> Waiting { get; init; }

    /// <summary>The union that it would have, beside the envelope.</summary>
    public required UnionDiff Union { get; init; }

    public required ResourceSet UnionSet { get; init; }
}

/// <summary>Finds what reviews are about: of an open one compared with what serves now, of a closed one as it was then.</summary>
public sealed class ReviewSubjects(IConfigurationStore store)
{
    /// <returns>Null where the store does not have it.</returns>
    /// <exception cref="StoreUnavailableException">It cannot be read.</exception>
    public async Task<ReviewSubject?> OfAsync(OrganisationId organisation, Review review, CancellationToken cancellation)
    {
        var key = new ObjectKey(ObjectKind.Server, review.Name.Server.Value);
        if (await store.FindVersionAsync(organisation, key, review.ObjectVersion, cancellation) is not ServerObject then) return null;
        var now = review.State == ReviewState.Open && await store.FindObjectAsync(organisation, key, cancellation) is { Item: ServerObject present } ? present : then;
        return review.Cause == ReviewCause.Drift ? OfDrift(now, review) : Of(then with { Approved = now.Approved, Envelope = now.Envelope }, then.Pending?.Manifest, null);
    }

    private static ReviewSubject? OfDrift(ServerObject server, Review review) => server.Approved is null ? null
        : AdoptedManifest.Of(server, review.Definitions) switch
        {
            Result<ServerManifest>.Done { Value: var adopted } => Of(server, adopted, null),
            Result<ServerManifest>.Refused refused => Of(server, null, refused.Why),
            _ => throw new InvalidOperationException(),
        };

    private static ReviewSubject Of(ServerObject server, ServerManifest? after, ChangeError? fault)
    {
        var envelope = server.Approved is null ? ResourceSet.Of([]) : server.EnvelopeSet();
        var union = ToolNeeds.Union((after ?? server.Approved?.Manifest)?.Tools ?? []);
        return new ReviewSubject
        {
            Server = server,
            Before = server.Approved,
            After = after,
            Fault = fault,
            Waiting = server.Approved is { } before && after is not null ? ManifestSplit.Of(server.Name, before.Manifest, after, envelope).Waiting : [],
            Union = UnionDiff.Between(envelope, union),
            UnionSet = union,
        };
    }
}
