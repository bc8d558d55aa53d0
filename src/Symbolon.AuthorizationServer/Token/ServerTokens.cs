using Symbolon.AuthorizationServer.Issuing;
using Symbolon.Core;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Snapshot;

namespace Symbolon.AuthorizationServer.Token;

/// <inheritdoc cref="IServerTokens"/>
internal sealed class ServerTokens(ServerRequests servers, DownstreamIssuer issuer, LiveDownstream live, IPublicOrigins origins, Freshness freshness, IAuditLog audit, TimeProvider clock) : IServerTokens
{
    public async Task<ServerToken?> IssueAsync(OrganisationId organisation, ServerName server)
    {
        // As for whoever asks over HTTP: a node that may not know what was revoked gives nothing.
        if (!freshness.IsCurrent || origins.Primary is not { } origin || servers.OpenUnbound(organisation, server) is not { } asking) return null;
        var order = new DownstreamOrder(organisation, origin, server, asking.Credential.Audience, asking.Credential.TtlSeconds) { Limits = asking.Needs };
        var now = clock.Microseconds();
        if (issuer.Issue(order).Failed(out _, out var issued)) return null;
        var record = new AuditEvent
        {
            Kind = AuditKind.TokenIssued, Organisation = organisation, Time = now, By = ClientId.Gateway.Value, Action = "issue into the file of a process", Allowed = true, Token = issued.Id.Value,
        };
        order.Describe(record);
        audit.Append(record);
        return await record.Durable() ? new ServerToken(organisation, server, issued.Text, now, now + issued.Seconds * 1_000_000) : null;
    }

    public ServerTokenState StateOf(ServerToken token)
    {
        if (live.Find(token.Organisation, token.Text, clock.Microseconds()) is not { } read) return ServerTokenState.Dead;
        if (servers.OpenUnbound(token.Organisation, token.Server) is not { } asking || asking.Credential.Audience != read.Audience) return ServerTokenState.Dead;
        // Needs that shrank have ended it by an epoch, here and at its API; those that grew are in the next one.
        return asking.Needs.ToString() == read.Scope ? ServerTokenState.Current : ServerTokenState.Outdated;
    }
}
