using Symbolon.Core;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Symbolon.Registry.Changes;
using Symbolon.Registry.Credentials;

namespace Symbolon.Registry.Servers;

/// <summary>A server with the version of its object, for <c>ETag</c>.</summary>
public sealed record VersionedServer(ServerObject Server, long Version);

/// <summary>One step in the life of a server that is not retired: one commit with its record, or one recorded refusal.</summary>
public sealed class ServerChange(IConfigurationStore store, ChangeDesk desk, CredentialEpochs epochs, TimeProvider clock)
{
    /// <param name="action">The word of the record.</param>
    internal async Task<Result<VersionedServer>> MakeAsync(
        Requester requester, ServerName name, string action, string? reason, long? expected,
        Func<ServerObject, long, Task<Result<NextState<ServerObject>>>> change, CancellationToken cancellation)
    {
        var key = new ObjectKey(ObjectKind.Server, name.Value);
        var note = new ChangeNote(action, key.ToString()) { Reason = reason, Server = name.Value };
        var changed = await ObjectChange.MakeAsync<ServerObject>(requester, key, $"server {name}", note, store, desk, expected,
            async (server, version) => server.State == Lifecycle.Retired
                ? ChangeError.Conflict("retired", $"Server {name} is retired for good.")
                : (await change(server, version)).Select(next => next with { Beside = [.. next.Beside, .. epochs.Between(server, next.Next)] }),
            cancellation);
        return changed.Select(found => new VersionedServer(found.Item, found.Version));
    }

    internal StateChange NoteOf(Requester requester, string? reason) => new() { By = requester.By, At = clock.Microseconds(), Reason = reason };
}
