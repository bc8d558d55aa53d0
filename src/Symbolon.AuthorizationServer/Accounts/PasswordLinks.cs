using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Symbolon.Core;
using Symbolon.Core.Accounts;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;

namespace Symbolon.AuthorizationServer.Accounts;

/// <summary>One-time links by which people set their password. Looking at one uses nothing up; setting the password ends it.</summary>
public sealed class PasswordLinks(IAccountStore accounts, PasswordHashing hashing, TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private const int SecretBytes = 32;

    private static readonly ChangeError Gone = ChangeError.NotFound("link that is still good: it was used, or its ten minutes are over. Ask an administrator for another");

    internal static (SetPasswordLink Link, string Secret) New(long now)
    {
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        return (new SetPasswordLink(HashOf(secret), now + (Lifetime.Ticks / TimeSpan.TicksPerMicrosecond)), secret);
    }

    /// <returns>Whose password it sets, or null where it is not good.</returns>
    /// <exception cref="Core.Snapshot.StoreUnavailableException">It cannot be looked up.</exception>
    public async Task<Account?> LookAsync(OrganisationId organisation, string? secret, CancellationToken cancellation) =>
        secret is { Length: > 0 and <= 64 } && await accounts.FindByLinkAsync(organisation, HashOf(secret), cancellation) is { IsSuspended: false, Link: { } link } account
            && link.EndsAt > clock.Microseconds() ? account : null;

    /// <summary>Of two at the same time one sets it.</summary>
    /// <param name="peer">Where the person is, for the record.</param>
    /// <returns>The account; <c>invalid</c> for a password that breaks a rule, and then the link is still good.</returns>
    /// <exception cref="Core.Snapshot.StoreUnavailableException">Nothing was changed.</exception>
    public async Task<Result<Account>> SetAsync(OrganisationId organisation, string? secret, string password, string? peer, CancellationToken cancellation)
    {
        if (await LookAsync(organisation, secret, cancellation) is not { } account) return Gone;
        if (PasswordRules.FaultOf(password, account.Email, account.Name) is { } fault) return ChangeError.Invalid("password", Core.Registry.Files.FieldErrorCode.BadValue, fault);
        using var place = await hashing.EnterAnywayAsync(cancellation);
        var now = clock.Microseconds();
        var next = account with
        {
            Password = await Task.Run(() => hashing.Hash(password), cancellation),
            Link = null,
            NotBefore = now,
            LastChange = new StateChange { By = account.Email.Value, At = now },
        };
        var who = new Requester(organisation, account.Email.Value, peer);
        var record = new ChangeNote("set password by link", $"Account/{account.Email}") { Holder = new Holder { User = account.Email }, ObjectVersion = account.Version + 1 }.ToEvent(who, now, refused: null);
        return await accounts.TryPutAsync(organisation, next, endsIssued: false, [record], cancellation) is null ? Gone : next with { Version = account.Version + 1 };
    }

    private static TokenHash HashOf(string secret) => TokenHash.Of(Encoding.UTF8.GetBytes(secret));
}
