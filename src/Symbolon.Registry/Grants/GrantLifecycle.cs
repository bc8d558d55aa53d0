using Symbolon.Core;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Symbolon.Registry.Changes;

namespace Symbolon.Registry.Grants;

/// <summary>A grant lives until its day or until it is retired, for good. It refuses at once, also under a live token.</summary>
public sealed class GrantLifecycle(IConfigurationStore store, ChangeDesk desk, TimeProvider clock)
{
    /// <returns>The grant with the version of its object.</returns>
    public Task<Result<(GrantObject Item, long Version)>> RetireAsync(
        Requester requester, GrantName name, string? reason, long? expected, CancellationToken cancellation)
    {
        var key = new ObjectKey(ObjectKind.Grant, name.Value);
        var note = new ChangeNote("retire", key.ToString()) { Reason = reason, Grant = name.Value };
        var now = clock.Microseconds();
        return ObjectChange.MakeAsync(requester, key, $"grant {name}", note, store, desk, expected,
            (GrantObject grant) => grant.RetiredAt is not null
                ? ChangeError.Conflict("retired", $"Grant {name} is retired already.")
                : grant with { RetiredAt = now, LastChange = new StateChange { By = requester.By, At = now, Reason = reason } },
            cancellation);
    }
}
