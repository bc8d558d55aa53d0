using Symbolon.AuthorizationServer.Revocation;
using Symbolon.Core;
using Symbolon.Core.Accounts;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;

namespace Symbolon.AuthorizationServer.Accounts;

/// <summary>Makes accounts and changes them. Every change, made or refused, is a record; one that is made is a transaction with it.</summary>
public sealed class AccountDesk(IAccountStore accounts, PasswordHashing hashing, Revoker revoker, ChangeDesk desk, EventClock events, TimeProvider clock)
{
    public async Task<Result<AccountChange>> AddAsync(Requester requester, NewAccount order, CancellationToken cancellation)
    {
        var note = new ChangeNote(order.IsAdministrator ? "create administrator" : "create", UserEmail.TryParse(order.Email, out var email) ? $"Account/{email}" : "Account") { Reason = order.Reason };
        if (Check(order, email) is { Count: > 0 } errors) return await desk.RefuseAsync(requester, note, ChangeError.Invalid(errors));
        var now = clock.Microseconds();
        var (password, link, secret) = await MakeAsync(order.Password, now, cancellation);
        var account = new Account
        {
            Email = email,
            Name = string.IsNullOrWhiteSpace(order.Name) ? null : order.Name.Trim(),
            IsAdministrator = order.IsAdministrator,
            Password = password,
            Link = link,
            CreatedAt = now,
            LastChange = new StateChange { By = requester.By, At = now, Reason = order.Reason },
        };
        return await PutAsync(requester, note, account, endsIssued: false, secret, ChangeError.Conflict("exists", $"There is an account {email} already."), cancellation);
    }

    /// <summary>Nobody signs in to it, its sessions and command lines end, and all that was issued to the person is revoked for good.</summary>
    /// <param name="expected">The version that the caller saw, or null.</param>
    public Task<Result<AccountChange>> SuspendAsync(Requester requester, string address, string? reason, long? expected, CancellationToken cancellation) =>
        ChangeAsync(requester, "suspend", address, reason, expected, account => account.IsSuspended
            ? ChangeError.Conflict("wrong_state", $"{account.Email} is suspended already.")
            : account with { IsSuspended = true, Link = null, NotBefore = events.Next() }, null, cancellation, endsIssued: true);

    /// <inheritdoc cref="SuspendAsync"/>
    /// <summary>The person signs in again, with the same password.</summary>
    public Task<Result<AccountChange>> ResumeAsync(Requester requester, string address, string? reason, long? expected, CancellationToken cancellation) =>
        ChangeAsync(requester, "resume", address, reason, expected, account => account.IsSuspended
            ? account with { IsSuspended = false, NotBefore = events.Next() }
            : ChangeError.Conflict("wrong_state", $"{account.Email} is not suspended."), null, cancellation);

    /// <inheritdoc cref="SuspendAsync"/>
    /// <summary>Acts with the next request of each of the person's sessions.</summary>
    public Task<Result<AccountChange>> SetRoleAsync(Requester requester, string address, bool isAdministrator, string? reason, long? expected, CancellationToken cancellation) =>
        ChangeAsync(requester, isAdministrator ? "make administrator" : "make member", address, reason, expected, account => account.IsAdministrator == isAdministrator
            ? ChangeError.Conflict("wrong_state", $"{account.Email} is {(isAdministrator ? "an administrator" : "a member")} already.")
            : account with { IsAdministrator = isAdministrator }, null, cancellation);

    /// <inheritdoc cref="SuspendAsync"/>
    /// <summary>
    /// The old password is dead at once, and with it every session, command line and token: who has had the password may have had any of them.
    /// A link is only ever there without a password, so who sets one by it finds nothing left to end.
    /// </summary>
    /// <param name="password">The new one; null makes a link by which the person sets it.</param>
    public async Task<Result<AccountChange>> ResetAsync(Requester requester, string address, string? password, string? reason, long? expected, CancellationToken cancellation)
    {
        var (hash, link, secret) = await MakeAsync(password, clock.Microseconds(), cancellation);
        return await ChangeAsync(requester, "reset password", address, reason, expected, account =>
            account.IsSuspended ? ChangeError.Conflict("wrong_state", $"{account.Email} is suspended. Resume it first.")
            : password is not null && PasswordRules.FaultOf(password, account.Email, account.Name) is { } fault ? ChangeError.Invalid("password", FieldErrorCode.BadValue, fault)
            : account with { Password = hash, Link = link, NotBefore = events.Next() }, secret, cancellation, endsIssued: true);
    }

    private async Task<Result<AccountChange>> ChangeAsync(
        Requester requester, string action, string address, string? reason, long? expected, Func<Account, Result<Account>> change, string? secret, CancellationToken cancellation,
        bool endsIssued = false)
    {
        if (!UserEmail.TryParse(address, out var email)) return await desk.RefuseAsync(requester, new ChangeNote(action, "Account") { Reason = reason }, ChangeError.NotFound("such account"));
        var note = new ChangeNote(action, $"Account/{email}") { Reason = reason, Holder = new Holder { User = email } };
        if (await accounts.FindAsync(requester.Organisation, email, cancellation) is not { } account) return await desk.RefuseAsync(requester, note, ChangeError.NotFound($"account {email}"));
        if (expected is { } seen && seen != account.Version) return await desk.RefuseAsync(requester, note, ChangeError.Stale(account.Version));
        return change(account) switch
        {
            Result<Account>.Done { Value: var next } => await PutAsync(requester, note,
                next with { LastChange = new StateChange { By = requester.By, At = clock.Microseconds(), Reason = reason } }, endsIssued, secret, ChangeError.ChangedMeanwhile($"Account {email}"), cancellation),
            Result<Account>.Refused { Why: var why } => await desk.RefuseAsync(requester, note, why),
            _ => throw new InvalidOperationException(),
        };
    }

    private async Task<Result<AccountChange>> PutAsync(Requester requester, ChangeNote note, Account account, bool endsIssued, string? secret, ChangeError taken, CancellationToken cancellation)
    {
        try
        {
            var record = (note with { ObjectVersion = account.Version + 1, Holder = new Holder { User = account.Email } }).ToEvent(requester, clock.Microseconds(), refused: null);
            var work = new RevocationWork(requester, new Epoch(requester.Organisation, RevocationLevel.User, account.Email.Value, account.NotBefore), new Holder { User = account.Email }, note.Reason);
            var earlier = revoker.EpochOf(work.Epoch);
            if (await accounts.TryPutAsync(requester.Organisation, account, endsIssued, endsIssued ? [record, work.NewRecord()] : [record], cancellation) is not { } revision)
                return await desk.RefuseAsync(requester, note, taken);
            var change = new AccountChange(account with { Version = account.Version + 1 }, secret);
            return endsIssued ? change with { Revoked = await revoker.ConfirmAsync(work, new RevocationTarget(work.Holder), earlier, revision, CancellationToken.None) } : change;
        }
        catch (StoreUnavailableException)
        {
            return await desk.RefuseAsync(requester, note, ChangeError.StoreUnavailable);
        }
    }

    private async Task<(string? Hash, SetPasswordLink? Link, string? Secret)> MakeAsync(string? password, long now, CancellationToken cancellation)
    {
        if (password is null)
        {
            var (link, secret) = PasswordLinks.New(now);
            return (null, link, secret);
        }
        using var place = await hashing.EnterAnywayAsync(cancellation);
        return (await Task.Run(() => hashing.Hash(password), cancellation), null, null);
    }

    private static List<FieldError> Check(NewAccount order, UserEmail email)
    {
        var errors = new List<FieldError>();
        if (email == default) errors.Add(new("email", FieldErrorCode.BadValue, $"email must be {UserEmail.Rule}."));
        else if (email.Value.AsSpan().ContainsAny('/', '%', '?')) errors.Add(new("email", FieldErrorCode.BadValue, "An address with /, % or ? cannot have an account."));
        if (order.Name is { } name && (name.Length > Account.MostNameLength || !PasswordRules.IsWellFormed(name) || name.Any(char.IsControl)))
            errors.Add(new("name", FieldErrorCode.BadValue, $"name may have at most {Account.MostNameLength} characters, none of them a control character."));
        if (order.Password is { } password && email != default && PasswordRules.FaultOf(password, email, order.Name) is { } fault) errors.Add(new("password", FieldErrorCode.BadValue, fault));
        return errors;
    }
}
