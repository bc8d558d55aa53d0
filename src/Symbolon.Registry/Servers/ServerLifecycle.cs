using Symbolon.Core;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Symbolon.Registry.Changes;

namespace Symbolon.Registry.Servers;

/// <summary>A server with the version of its object, for <c>ETag</c>.</summary>
public sealed record VersionedServer(ServerObject Server, long Version);

/// <summary>The life of a server: pending → active ⇄ suspended → retired, which is for good. Each step is one commit with its record.</summary>
public sealed class ServerLifecycle(IConfigurationStore store, ChangeDesk desk, ApprovalCheck check, TimeProvider clock)
{
    /// <summary>Makes the pending version the one that serves. It must be named, so that nobody approves what they have not seen.</summary>
    /// <remarks>
    /// DESIGN.md section 4, Reviews: while there is one administrator, an approval by who applied it is recorded as self-approved. Where the
    /// host leads is asked here and held to from now on (section 5, promise 5), and so are the files of a process.
    /// </remarks>
    /// <param name="inside">A host whose name leads inside this network may; without it such a version is refused (<c>host_leads_inside</c>).</param>
    public async Task<Result<VersionedServer>> ApproveAsync(
        Requester requester, ServerName name, int version, bool inside, string? reason, long? expected, CancellationToken cancellation)
    {
        var found = await check.LookAsync(requester.Organisation, name, version, cancellation);
        return await ChangeAsync(requester, name, "approve", reason, expected, server =>
        {
            if (server.Pending is not { } pending)
                return ChangeError.Conflict("nothing_pending", $"Server {name} has no version that waits for approval.");
            if (pending.Number != version)
                return ChangeError.Conflict("not_the_pending_version", $"Version {version} of {name} does not wait for approval; version {pending.Number} does.");
            if (check.Refuse(requester.Organisation, server, pending, found, inside) is { } refusal) return refusal;
            var selfApproved = string.Equals(pending.AppliedBy, requester.By, StringComparison.Ordinal);
            return server with
            {
                State = server.State == Lifecycle.Pending ? Lifecycle.Active : server.State,
                Approved = pending with { ApprovedBy = requester.By, ApprovedAt = clock.Microseconds(), SelfApproved = selfApproved, Place = found.Place },
                Pending = null,
                LastChange = server.State == Lifecycle.Pending ? Note(requester, reason) : server.LastChange,
            };
        }, cancellation);
    }

    /// <summary>It answers nobody until it is resumed.</summary>
    public Task<Result<VersionedServer>> SuspendAsync(Requester requester, ServerName name, string? reason, long? expected, CancellationToken cancellation) =>
        MoveAsync(requester, name, "suspend", Lifecycle.Active, Lifecycle.Suspended, reason, expected, cancellation);

    public Task<Result<VersionedServer>> ResumeAsync(Requester requester, ServerName name, string? reason, long? expected, CancellationToken cancellation) =>
        MoveAsync(requester, name, "resume", Lifecycle.Suspended, Lifecycle.Active, reason, expected, cancellation);

    /// <summary>Ends it for good. Its history stays, and its name is not used again.</summary>
    public Task<Result<VersionedServer>> RetireAsync(Requester requester, ServerName name, string? reason, long? expected, CancellationToken cancellation) =>
        ChangeAsync(requester, name, "retire", reason, expected,
            server => server with { State = Lifecycle.Retired, Pending = null, LastChange = Note(requester, reason) }, cancellation);

    private Task<Result<VersionedServer>> MoveAsync(
        Requester requester, ServerName name, string action, Lifecycle from, Lifecycle to, string? reason, long? expected, CancellationToken cancellation) =>
        ChangeAsync(requester, name, action, reason, expected, server => server.State == from
            ? server with { State = to, LastChange = Note(requester, reason) }
            : ChangeError.Conflict("wrong_state", $"Server {name} is {server.State.ToText()}; only one that is {from.ToText()} can do that."), cancellation);

    private async Task<Result<VersionedServer>> ChangeAsync(
        Requester requester, ServerName name, string action, string? reason, long? expected,
        Func<ServerObject, Result<ServerObject>> change, CancellationToken cancellation)
    {
        var key = new ObjectKey(ObjectKind.Server, name.Value);
        var note = new ChangeNote(action, key.ToString()) { Reason = reason, Server = name.Value };
        var changed = await ObjectChange.MakeAsync(requester, key, $"server {name}", note, store, desk, expected,
            (ServerObject server) => server.State == Lifecycle.Retired ? ChangeError.Conflict("retired", $"Server {name} is retired for good.") : change(server),
            cancellation);
        return changed.Select(found => new VersionedServer(found.Item, found.Version));
    }

    private StateChange Note(Requester requester, string? reason) => new() { By = requester.By, At = clock.Microseconds(), Reason = reason };
}
