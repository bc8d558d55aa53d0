using Symbolon.Core.Accounts;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;

namespace Symbolon.Registry.Reviews;

/// <summary>
/// Who may approve what somebody asked for. A reviewer is an administrator with an account and a password; the bootstrap token and a one-time link name nobody,
/// so that they do not count, and approve nothing where two have to look. DESIGN.md section 4, Reviews.
/// </summary>
public sealed class FourEyes(IAccountStore accounts, ReviewRules rules)
{
    private const int MostAccounts = 1000;

    /// <param name="requestedBy">Who applied the version; of a drift who answers for the server.</param>
    /// <returns>Null when this requester may approve it.</returns>
    /// <exception cref="Core.Snapshot.StoreUnavailableException">It cannot be known.</exception>
    public async Task<ChangeError?> RefuseAsync(Requester requester, string requestedBy, CancellationToken cancellation)
    {
        if (!await AreEnforcedAsync(requester.Organisation, cancellation)) return null;
        if (string.Equals(requester.By, requestedBy, StringComparison.Ordinal))
            return ChangeError.Conflict("four_eyes", $"{requestedBy} asked for it and cannot approve it. Another administrator has to.");
        if (!UserEmail.TryParse(requestedBy, out _))
            return ChangeError.Conflict("four_eyes", $"{requestedBy} names nobody, so that nobody can be the second to look. Apply it in the own name.");
        return UserEmail.TryParse(requester.By, out var email) && await accounts.FindAsync(requester.Organisation, email, cancellation) is { } account && CanReview(account)
            ? null
            : ChangeError.Conflict("four_eyes", "Two people have to look at it, and this sign-in names none. An administrator has to approve it in the own name.");
    }

    /// <summary>Whether who asks may not decide now.</summary>
    /// <inheritdoc cref="RefuseAsync"/>
    public async Task<bool> AreEnforcedAsync(OrganisationId organisation, CancellationToken cancellation)
    {
        if (rules.FourEyes != FourEyesRule.Auto) return rules.FourEyes == FourEyesRule.On;
        var reviewers = 0;
        for (string? after = null; ;)
        {
            var page = await accounts.ListAsync(organisation, part: null, after, MostAccounts, cancellation);
            reviewers += page.Count(CanReview);
            if (reviewers >= 2 || page.Count < MostAccounts) return reviewers >= 2;
            after = page[^1].Email.Value;
        }
    }

    private static bool CanReview(Account account) => account is { IsAdministrator: true, IsSuspended: false, Password: not null };
}
