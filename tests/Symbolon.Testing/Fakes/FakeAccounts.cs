using Symbolon.Core.Accounts;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Revocation;

namespace Symbolon.Testing.Fakes;

/// <summary>Accounts in memory, by the rules of the store; their records go to an audit log.</summary>
public sealed class FakeAccounts(IAuditLog audit, EpochTable? epochs = null) : IAccountStore, ISignInAttempts
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, Account> accounts = new(StringComparer.Ordinal);
    private readonly Dictionary<TokenHash, (int Failures, long LockedUntil)> attempts = [];

    public Task<Account?> FindAsync(OrganisationId organisation, UserEmail email, CancellationToken cancellation)
    {
        lock (gate) return Task.FromResult(accounts.GetValueOrDefault(email.Value));
    }

    public Task<Account?> FindByLinkAsync(OrganisationId organisation, TokenHash link, CancellationToken cancellation)
    {
        lock (gate) return Task.FromResult(accounts.Values.SingleOrDefault(account => account.Link?.Secret == link));
    }

    public Task<IReadOnlyList<Account>> ListAsync(OrganisationId organisation, string? part, string? after, int limit, CancellationToken cancellation)
    {
        lock (gate)
            return Task.FromResult<IReadOnlyList<Account>>([.. accounts.Values.Where(account => (part is null || account.Email.Value.Contains(part, StringComparison.Ordinal))
                && string.CompareOrdinal(account.Email.Value, after) > 0).Take(limit)]);
    }

    public Task<long?> TryPutAsync(OrganisationId organisation, Account account, bool endsIssued, IReadOnlyList<AuditEvent> records, CancellationToken cancellation)
    {
        lock (gate)
        {
            if ((accounts.GetValueOrDefault(account.Email.Value)?.Version ?? 0) != account.Version) return Task.FromResult<long?>(null);
            accounts[account.Email.Value] = account with { Version = account.Version + 1 };
        }
        if (endsIssued) epochs?.Raise(new Epoch(organisation, RevocationLevel.User, account.Email.Value, account.NotBefore));
        foreach (var record in records) audit.Append(record);
        return Task.FromResult<long?>(endsIssued ? 1 : 0);
    }

    public Task<bool> TrySignInAsync(OrganisationId organisation, Account account, string? rehashed, SignInAttempt attempt, CancellationToken cancellation)
    {
        lock (gate)
        {
            if (accounts.GetValueOrDefault(account.Email.Value) is not { } found || found.Version != account.Version) return Task.FromResult(false);
            accounts[account.Email.Value] = found with { LastSignInAt = attempt.At, Password = rehashed ?? found.Password };
            attempts.Remove(attempt.Device ?? attempt.Account);
            return Task.FromResult(true);
        }
    }

    public Task<long?> BeginAsync(OrganisationId organisation, SignInAttempt attempt, CancellationToken cancellation)
    {
        lock (gate)
        {
            var (failures, until) = attempts.GetValueOrDefault(attempt.Device ?? attempt.Account);
            if (until > attempt.At) return Task.FromResult<long?>(until);
            var late = failures - AttemptRule.OfAccount.Free;
            attempts[attempt.Device ?? attempt.Account] = (failures + 1, late < 0 ? attempt.At : attempt.At + (AttemptRule.Wait << Math.Min(late, AttemptRule.MostDoublings)));
            return Task.FromResult<long?>(null);
        }
    }
}
