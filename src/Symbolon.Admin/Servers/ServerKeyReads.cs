using Symbolon.Core;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Symbolon.Registry.Credentials;

namespace Symbolon.Admin.Servers;

/// <summary>The keys of servers' instances, as API and pages show them.</summary>
internal sealed class ServerKeyReads(Configuration configuration, EnrolmentDesk keys, KeyAgeRules ages, TimeProvider clock)
{
    /// <summary>The oldest first.</summary>
    /// <returns>Null for no such server.</returns>
    public IReadOnlyList<ServerKeyResponse>? List(OrganisationId organisation, string name) =>
        ServerName.IsValid(name) && configuration.Server(organisation, new ServerName(name)) is { } server
            ? [.. keys.KeysOf(organisation, server.Name).Instances.Select(instance => Shown(server, instance, keys.IsRevoked(organisation, instance)))] : null;

    public ServerKeyResponse Shown(OrganisationId organisation, ServerName name, ServerInstance instance, bool isRevoked) => Shown(configuration.Server(organisation, name), instance, isRevoked);

    /// <summary>How old a key of this server may get, in the words of a file; null for any age.</summary>
    public string? Rotation(OrganisationId organisation, string name) =>
        configuration.Server(organisation, new ServerName(name))?.Approved is { } approved && ages.SecondsOf(approved.Manifest) is { } seconds ? Core.Registry.Files.Durations.ToText(seconds) : null;

    private ServerKeyResponse Shown(ServerObject? server, ServerInstance instance, bool isRevoked)
    {
        var due = server?.Approved is { } approved && instance.ReplacedAt is null ? ages.DueAt(approved.Manifest, instance) : null;
        var state = isRevoked ? "revoked" : instance.ReplacedAt is not null ? "replaced" : !instance.IsInUseAt(clock.Microseconds()) ? "expired" : due <= clock.Microseconds() ? "overdue" : "active";
        return new ServerKeyResponse(
            instance.Name, instance.Thumbprint, state, UnixTime.FromMicroseconds(instance.EnrolledAt), instance.EnrolledBy, Math.Max(0, (clock.Microseconds() - instance.EnrolledAt) / 1_000_000),
            instance.ReplacedAt is { } at ? UnixTime.FromMicroseconds(at) : null, instance.Until is { } until ? UnixTime.FromMicroseconds(until) : null, due is { } end ? UnixTime.FromMicroseconds(end) : null, instance.Predecessor);
    }
}
