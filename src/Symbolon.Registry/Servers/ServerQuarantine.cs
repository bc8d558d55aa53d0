using System.Collections.Immutable;
using Symbolon.Core;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Symbolon.Registry.Credentials;
using Symbolon.Registry.Reviews;

namespace Symbolon.Registry.Servers;

/// <summary>The switch for bad days: every active server with a label is suspended in one commit, all of them or none.</summary>
public sealed class ServerQuarantine(Configuration configuration, IConfigurationStore store, ChangeDesk desk, CredentialEpochs epochs, TimeProvider clock)
{
    /// <summary>So often it is tried again when somebody changes one of the servers meanwhile.</summary>
    private const int Tries = 5;

    /// <returns>Their names, in order. Refused where no active server has the label.</returns>
    public async Task<Result<ImmutableArray<ServerName>>> SuspendAsync(Requester requester, string label, string value, string? reason, CancellationToken cancellation)
    {
        var note = new ChangeNote("quarantine", $"Label/{label}={value}") { Reason = reason };
        try
        {
            for (var trial = 1; ; trial++)
            {
                var found = await FindAsync(requester.Organisation, label, value, cancellation);
                if (found.Count == 0) return await desk.RefuseAsync(requester, note, ChangeError.NotFound($"active server with the label {label}={value}"));
                var change = new StateChange { By = requester.By, At = clock.Microseconds(), Reason = $"quarantine of {label}={value}{(reason is null ? "" : $": {reason}")}" };
                var committed = await desk.CommitAsync(requester,
                    [.. found.Select(server => new ChangeNote("suspend", KeyOf(server.Server).ToString()) { Reason = change.Reason, Server = server.Server.Name.Value, ObjectVersion = server.Version + 1 })],
                    [.. found.SelectMany(server => ChangesOf(server, server.Server with { State = Lifecycle.Suspended, IsSuspendedByDrift = false, LastChange = change }))],
                    cancellation);
                if (committed is Result<long>.Refused { Why: { Kind: ChangeErrorKind.Conflict } } && trial < Tries) continue;
                return committed.Select(_ => found.Select(server => server.Server.Name).ToImmutableArray());
            }
        }
        catch (StoreUnavailableException)
        {
            return await desk.RefuseAsync(requester, note, ChangeError.StoreUnavailable);
        }
    }

    private async Task<List<VersionedServer>> FindAsync(OrganisationId organisation, string label, string value, CancellationToken cancellation)
    {
        var found = new List<VersionedServer>();
        foreach (var name in configuration.Servers(organisation).Where(Is).Select(server => server.Name).OrderBy(name => name.Value, StringComparer.Ordinal))
            if (await store.FindObjectAsync(organisation, new ObjectKey(ObjectKind.Server, name.Value), cancellation) is { Item: ServerObject server, Version: var version } && Is(server))
                found.Add(new VersionedServer(server, version));
        return found;

        bool Is(ServerObject server) => server is { Approved: { } approved } && (server.State == Lifecycle.Active || server.IsSuspendedByDrift) && approved.Manifest.Labels.TryGetValue(label, out var has) && has == value;
    }

    private Change[] ChangesOf(VersionedServer before, ServerObject next) => [new Change.PutObject(KeyOf(next), before.Version, next), ReviewNews.Suspended(next), .. epochs.Between(before.Server, next)];

    private static ObjectKey KeyOf(ServerObject server) => new(ObjectKind.Server, server.Name.Value);
}
