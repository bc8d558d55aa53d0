using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;

namespace Symbolon.Gateway.Authentication;

/// <summary>Finds out where a token stands on a server, and keeps it until something changes: revocation, lifecycle, token ∩ live grants.</summary>
internal sealed class StandingTable
{
    private readonly Configuration configuration;
    private long changes;

    public StandingTable(Configuration configuration)
    {
        this.configuration = configuration;
        configuration.Changed += () => Interlocked.Increment(ref changes);
    }

    /// <param name="now">Microseconds since the Unix epoch.</param>
    public Standing Of(CallerToken token, string server, long now)
    {
        var known = token.On(server);
        return known is not null && IsTrue(known, now) ? known : FindOut(token, server, now);
    }

    private bool IsTrue(Standing standing, long now) =>
        standing.Configured == Volatile.Read(ref changes)
        && standing.Epochs == configuration.Epochs.Version
        && (standing is not Standing.Known known || now < known.Reach.ValidUntil);

    private Standing FindOut(CallerToken token, string name, long now)
    {
        // Both numbers are read before what they stand for: a change in between makes this answer old, never wrong for long.
        var configured = Volatile.Read(ref changes);
        var epochs = configuration.Epochs.Version;
        var record = token.Record;
        if (!ServerName.IsValid(name) || configuration.Server(record.Organisation, new ServerName(name)) is not { } server)
            return IsAlive(record, null) ? new Standing.Nowhere(configured, epochs) : new Standing.Dead(configured, epochs, ReasonCode.TokenRevoked);

        Standing found =
            !IsAlive(record, server.Name) ? new Standing.Dead(configured, epochs, ReasonCode.TokenRevoked)
            : server.State is not (Lifecycle.Active or Lifecycle.Suspended) ? new Standing.Nowhere(configured, epochs)
            : ServerReach.Of(record, server, configuration.GrantsOn(record.Organisation, server.Name, EpochTable.Since(record)), configuration.Binding, now) is { } reach
                ? new Standing.Known(configured, epochs, server, reach)
                : new Standing.Nowhere(configured, epochs);
        token.Remember(server.Name, found);
        return found;
    }

    /// <summary>Whether this server takes nothing but tokens that are bound to a key; its metadata says so, too.</summary>
    public bool IsForBoundTokens(OrganisationId organisation, string name) =>
        configuration.Binding.CoversAll()
        || (ServerName.IsValid(name) && configuration.Server(organisation, new ServerName(name)) is { State: Lifecycle.Active or Lifecycle.Suspended } server
            && server.Approved?.Manifest.Binding?.CoversAll() == true);

    /// <summary>Not revoked on any level, and nobody in the holder is suspended or retired.</summary>
    private bool IsAlive(TokenRecord token, ServerName? server)
    {
        if (configuration.Epochs.IsRevoked(token, server)) return false;
        var holder = token.Holder;
        if (holder.Agent is { } agent && configuration.Agent(token.Organisation, agent) is not { State: Lifecycle.Active }) return false;
        return holder.Workflow is not { } workflow || configuration.Workflow(token.Organisation, workflow) is { State: Lifecycle.Active };
    }
}
