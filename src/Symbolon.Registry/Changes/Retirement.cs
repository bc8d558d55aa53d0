using Symbolon.Core;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;

namespace Symbolon.Registry.Changes;

/// <summary>The end, for good, of what has no other step in its life: a grant, which refuses at once, also under a live token, a policy, what is known of resources, and a foreign issuer.</summary>
public sealed class Retirement(IConfigurationStore store, ChangeDesk desk, TimeProvider clock)
{
    /// <returns>The grant with the version of its object.</returns>
    public Task<Result<(GrantObject Item, long Version)>> OfGrantAsync(Requester requester, GrantName name, string? reason, long? expected, CancellationToken cancellation) =>
        EndAsync<GrantObject>(requester, new ObjectKey(ObjectKind.Grant, name.Value), reason, expected,
            (grant, end) => grant.RetiredAt is null ? grant with { RetiredAt = end.At, LastChange = end } : null, cancellation);

    /// <returns>It, with the version of its object.</returns>
    public Task<Result<(PolicyObject Item, long Version)>> OfPolicyAsync(Requester requester, PolicyName name, string? reason, long? expected, CancellationToken cancellation) =>
        EndAsync<PolicyObject>(requester, new ObjectKey(ObjectKind.Policy, name.Value), reason, expected,
            (policy, end) => policy.RetiredAt is null ? policy with { RetiredAt = end.At, LastChange = end } : null, cancellation);

    /// <returns>It, with the version of its object.</returns>
    public Task<Result<(ResourceObject Item, long Version)>> OfResourceAsync(Requester requester, ResourceName name, string? reason, long? expected, CancellationToken cancellation) =>
        EndAsync<ResourceObject>(requester, new ObjectKey(ObjectKind.Resource, name.Value), reason, expected,
            (resource, end) => resource.RetiredAt is null ? resource with { RetiredAt = end.At, LastChange = end } : null, cancellation);

    /// <returns>It, with the version of its object.</returns>
    public Task<Result<(IssuerObject Item, long Version)>> OfIssuerAsync(Requester requester, IssuerName name, string? reason, long? expected, CancellationToken cancellation) =>
        EndAsync<IssuerObject>(requester, new ObjectKey(ObjectKind.Issuer, name.Value), reason, expected,
            (issuer, end) => issuer.RetiredAt is null ? issuer with { RetiredAt = end.At, LastChange = end } : null, cancellation);

    /// <param name="end">Null for one that is retired already.</param>
    private Task<Result<(T Item, long Version)>> EndAsync<T>(
        Requester requester, ObjectKey key, string? reason, long? expected, Func<T, StateChange, T?> end, CancellationToken cancellation) where T : class
    {
        var note = new ChangeNote("retire", key.ToString()) { Reason = reason, Grant = key.Kind == ObjectKind.Grant ? key.Name : null };
        var change = new StateChange { By = requester.By, At = clock.Microseconds(), Reason = reason };
        return ObjectChange.MakeAsync<T>(requester, key, key.InWords, note, store, desk, expected,
            item => end(item, change) is { } ended ? ended : ChangeError.Conflict("retired", $"{key.Kind} {key.Name} is retired already."), cancellation);
    }
}
