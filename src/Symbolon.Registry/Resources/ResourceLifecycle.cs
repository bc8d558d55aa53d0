using Symbolon.Core;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Symbolon.Registry.Changes;

namespace Symbolon.Registry.Resources;

/// <summary>What is known of resources counts until it is retired, for good.</summary>
public sealed class ResourceLifecycle(IConfigurationStore store, ChangeDesk desk, TimeProvider clock)
{
    /// <returns>It, with the version of its object.</returns>
    public Task<Result<(ResourceObject Item, long Version)>> RetireAsync(
        Requester requester, ResourceName name, string? reason, long? expected, CancellationToken cancellation)
    {
        var key = new ObjectKey(ObjectKind.Resource, name.Value);
        var now = clock.Microseconds();
        return ObjectChange.MakeAsync(requester, key, key.InWords, new ChangeNote("retire", key.ToString()) { Reason = reason }, store, desk, expected,
            (ResourceObject resource) => resource.RetiredAt is not null
                ? ChangeError.Conflict("retired", $"Resource {name} is retired already.")
                : resource with { RetiredAt = now, LastChange = new StateChange { By = requester.By, At = now, Reason = reason } },
            cancellation);
    }
}
