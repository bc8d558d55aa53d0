using Symbolon.Core.Accounts;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;

namespace Symbolon.Testing.Fakes;

/// <summary>Command lines in memory, by the rules of the store; their records go to an audit log.</summary>
public sealed class FakeAdminTokens(IAuditLog audit) : IAdminTokenStore
{
    private readonly Lock gate = new();
    private readonly List<Row> rows = [];

    public Task AddAsync(OrganisationId organisation, AdminToken token, AdminCode code, AuditEvent record, CancellationToken cancellation)
    {
        lock (gate) rows.Add(new Row(token, code));
        audit.Append(record);
        return Task.CompletedTask;
    }

    public Task<AdminToken?> RedeemAsync(OrganisationId organisation, TokenHash code, string challenge, TokenHash secret, long now, AuditEvent record, AuditEvent reuse, CancellationToken cancellation)
    {
        lock (gate)
        {
            if (rows.SingleOrDefault(row => row.Code.Secret == code) is not { } found) return Task.FromResult<AdminToken?>(null);
            if (found.Secret is not null && found.Token.RevokedAt is null)
            {
                found.Token = found.Token with { RevokedAt = now };
                (reuse.By, reuse.Target) = (found.Token.Email.Value, $"CommandLine/{found.Token.Id}");
                audit.Append(reuse);
            }
            if (found.Secret is not null || found.Code.Challenge != challenge || found.Code.EndsAt <= now) return Task.FromResult<AdminToken?>(null);
            found.Secret = secret;
            (record.By, record.Target) = (found.Token.Email.Value, $"CommandLine/{found.Token.Id}");
            audit.Append(record);
            return Task.FromResult<AdminToken?>(found.Token);
        }
    }

    public Task<AdminToken?> FindAsync(OrganisationId organisation, TokenHash secret, CancellationToken cancellation)
    {
        lock (gate) return Task.FromResult(rows.SingleOrDefault(row => row.Secret == secret)?.Token);
    }

    public Task<IReadOnlyList<AdminToken>> ListAsync(OrganisationId organisation, UserEmail? email, long now, CancellationToken cancellation)
    {
        lock (gate)
            return Task.FromResult<IReadOnlyList<AdminToken>>([.. rows.Where(row => row.Secret is not null && (email is null || row.Token.Email == email) && row.Token.RevokedAt is null && row.Token.ExpiresAt > now)
                .Select(row => row.Token).OrderByDescending(token => token.IssuedAt)]);
    }

    public Task<bool> RevokeAsync(OrganisationId organisation, AdminTokenId id, UserEmail? email, long now, AuditEvent record, CancellationToken cancellation)
    {
        lock (gate)
        {
            if (rows.SingleOrDefault(row => row.Token.Id == id && (email is null || row.Token.Email == email)) is not { Token.RevokedAt: null } found || found.Token.ExpiresAt <= now) return Task.FromResult(false);
            found.Token = found.Token with { RevokedAt = now };
            audit.Append(record);
            return Task.FromResult(true);
        }
    }

    private sealed class Row(AdminToken token, AdminCode code)
    {
        public AdminToken Token { get; set; } = token;
        public AdminCode Code { get; } = code;
        public TokenHash? Secret { get; set; }
    }
}
