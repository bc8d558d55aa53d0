using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Outbound;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Symbolon.Registry.Secrets;

namespace Symbolon.Registry.Servers;

/// <summary>What was found outside the store about a version that is to be approved.</summary>
/// <param name="Place">Where the host leads; null for a process.</param>
/// <param name="Fault">What is wrong with the files of a process.</param>
public sealed record ApprovalFindings(HostPlace? Place, PinFault? Fault);

/// <summary>What has to be true at the moment when a version is approved: its secret is there, its host leads where it may, its files are those that were registered.</summary>
public sealed class ApprovalCheck(Configuration configuration, IConfigurationStore store, SecretUse secrets, IHostLookup hosts, IPinnedFiles files)
{
    /// <summary>Of the version that is to be approved; a version's manifest never changes, so it is the one that the change will find.</summary>
    public async Task<ApprovalFindings> LookAsync(OrganisationId organisation, ServerName name, int version, CancellationToken cancellation)
    {
        try
        {
            var found = await store.FindObjectAsync(organisation, new ObjectKey(ObjectKind.Server, name.Value), cancellation);
            if (found?.Item is not ServerObject { Pending: { } pending } || pending.Number != version) return new ApprovalFindings(HostPlace.Unknown, null);
            return pending.Manifest.Upstream switch
            {
                UpstreamAddress.Stdio process => new ApprovalFindings(null, await CommandPin.CheckAsync(process, files, cancellation)),
                var address => new ApprovalFindings(await hosts.PlaceOfAsync(address.Endpoint!, cancellation), null),
            };
        }
        catch (StoreUnavailableException)
        {
            // The change finds the same, and says so.
            return new ApprovalFindings(HostPlace.Unknown, null);
        }
    }

    /// <summary>Where the host of a version leads now, for who reviews it; null for a process. Waits a few seconds at most.</summary>
    public async Task<HostPlace?> PlaceAsync(ManifestVersion pending, CancellationToken cancellation) =>
        pending.Manifest.Upstream.Endpoint is { } url ? await hosts.PlaceOfAsync(url, cancellation) : null;

    /// <summary>Whether a version may be approved only with the word that its host may be inside: a name that leads there now, and does not say so itself.</summary>
    public static bool NeedsConsent(ManifestVersion pending, HostPlace? place) =>
        place == HostPlace.Inside && pending.Manifest.Upstream.Endpoint is { } url && !UpstreamHost.SaysWhereItLeads(url);

    /// <param name="inside">The approver said that the host may be inside.</param>
    /// <returns>Null when nothing stands in the way.</returns>
    public ChangeError? Refuse(OrganisationId organisation, ServerObject server, ManifestVersion pending, ApprovalFindings found, bool inside) =>
        SecretMissing(organisation, server.Name, pending.Manifest) ?? PlaceRefused(server, pending, found.Place, inside)
        ?? (found.Fault is { } fault ? ChangeError.Conflict(fault.Code, $"{fault.Message} Register the server again to approve what is there now.") : null);

    private ChangeError? SecretMissing(OrganisationId organisation, ServerName name, ServerManifest manifest)
    {
        if (secrets.TakenBeside(organisation, name, manifest.Credential) is { } taken) return ChangeError.Conflict("secret_in_use", taken);
        if (manifest.Credential.SecretName is not { } secret) return null;
        return configuration.Secret(organisation, UpstreamSecrets.Kind, secret) is null
            ? ChangeError.Conflict("secret_missing", $"The secret {secret} of server {name} is not stored yet.")
            : null;
    }

    private static ChangeError? PlaceRefused(ServerObject server, ManifestVersion pending, HostPlace? place, bool inside)
    {
        if (pending.Manifest.Upstream.Endpoint is not { } url) return null;
        var host = UpstreamHost.Of(url);
        return place switch
        {
            HostPlace.Unknown => ChangeError.Conflict("host_unknown", $"{host} has no address now, so it cannot be held to being outside this network or inside. Approve it when its name is known."),
            HostPlace.Forbidden => ChangeError.Conflict("host_forbidden", $"{host} leads to an address that is never connected to."),
            HostPlace.Inside when server.Approved is { Place: HostPlace.Outside } before && UpstreamHost.AreSame(before.Manifest.Upstream.Endpoint, url) =>
                ChangeError.Conflict("host_moved_inside", $"{host} was outside this network when version {before.Number} was approved, and leads inside now. If that is meant, give the server another name or its address."),
            _ when NeedsConsent(pending, place) && !inside =>
                ChangeError.Conflict("host_leads_inside", $"{host} leads inside this network now: all its addresses are private or on this machine. If server {server.Name} is meant to be there, approve it with inside: true (symbolon server approve {server.Name} --inside); if not, somebody answers for that name who should not."),
            _ => null,
        };
    }
}
