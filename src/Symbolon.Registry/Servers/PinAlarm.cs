using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;

namespace Symbolon.Registry.Servers;

/// <summary>Suspends a server whose files are not those that were approved, with the record of every suspension.</summary>
public sealed class PinAlarm(Configuration configuration, ServerLifecycle servers) : IPinAlarm
{
    /// <summary>Who suspends, in the record and in the server's last change.</summary>
    public const string By = "gateway";

    public async Task RaiseAsync(OrganisationId organisation, ServerName server, int version, PinFault fault, CancellationToken cancellation)
    {
        // Only the first of many starts finds it active; another version has other files.
        if (configuration.Server(organisation, server) is not { State: Lifecycle.Active, Approved: { } approved } || approved.Number != version) return;
        var reason = $"{fault.Code}: {fault.Message}";
        await servers.SuspendAsync(new Requester(organisation, By), server, reason.Length <= DocumentReason ? reason : reason[..DocumentReason], expected: null, cancellation);
    }

    private const int DocumentReason = Core.Registry.Files.DocumentLimits.Reason;
}
