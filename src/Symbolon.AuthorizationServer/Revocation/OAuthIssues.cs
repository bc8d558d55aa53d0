using System.Text.Json;
using Symbolon.Core;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Snapshot;

namespace Symbolon.AuthorizationServer.Revocation;

/// <summary>
/// Finds a token of OAuth by its id in the records of its issue, which is the only place that has all of them: the store keeps no row of a token
/// that carries everything itself. No such token lives longer than four hours, so no older record is looked at.
/// </summary>
public sealed class OAuthIssues(IAuditStore audit, TimeProvider clock)
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(4) + TimeSpan.FromMinutes(5);

    /// <returns>The token as far as its record tells; null when none of this id was issued lately.</returns>
    /// <exception cref="StoreUnavailableException">The records cannot be read.</exception>
    public async Task<TokenRecord?> FindAsync(OrganisationId organisation, TokenId id, CancellationToken cancellation)
    {
        if (!TokenId.IsValid(id.Value)) return null;
        var now = clock.Microseconds();
        var query = new AuditQuery { Kind = AuditKind.TokenIssued.ToText(), Token = id.Value, From = now - (long)Longest.TotalMicroseconds };
        if (await audit.ReadAsync(organisation, query, after: null, descending: true, limit: 1, cancellation) is not [var record]) return null;
        using var parsed = JsonDocument.Parse(record.Json);
        var json = parsed.RootElement.GetProperty("event");
        var holder = new Holder
        {
            User = Text(json, "user") is { } user && UserEmail.TryParse(user, out var email) ? email : null,
            Agent = Text(json, "agent") is { } agent ? new AgentName(agent) : null,
            Workflow = Text(json, "workflow") is { } workflow ? new WorkflowName(workflow) : null,
        };
        var target = Text(json, "target") ?? "";
        const string authorization = "Authorization/";
        if (!target.StartsWith(authorization, StringComparison.Ordinal) || Text(json, "server") is not { } server || Text(json, "by") is not { } client) return null;
        return new TokenRecord
        {
            Id = id,
            Organisation = organisation,
            Kind = holder.TokenKind,
            Holder = holder,
            Servers = [new Core.Registry.ServerAccess { Server = new ServerName(server) }],
            IssuedAt = record.Time,
            ExpiresAt = record.Time + (long)Longest.TotalMicroseconds,
            IssuedBy = client,
            OAuth = new OAuthBinding(new ClientId(client), new AuthorizationId(target[authorization.Length..]), ""),
        };
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;
}
