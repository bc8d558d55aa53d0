using Symbolon.Core.Audit;
using Symbolon.Core.Identity;

namespace Symbolon.Core.Accounts;

/// <summary>Tokens of administrators' command lines, for every node of one store; each read is of the store. No secret is in it, only hashes.</summary>
public interface IAdminTokenStore
{
    /// <summary>Stores what a person let, with the code that the browser brings; those that are long over go.</summary>
    Task AddAsync(OrganisationId organisation, AdminToken token, AdminCode code, AuditEvent record, CancellationToken cancellation);

    /// <summary>Gives the token its secret, once, for the code and the challenge that its verifier has.</summary>
    /// <param name="now">Microseconds since the Unix epoch.</param>
    /// <param name="record">Appended, as the token's, in the same transaction; its <c>By</c> and <c>Target</c> are filled in.</param>
    /// <param name="reuse">Appended in the place of it when the code comes a second time, which ends the token that it made.</param>
    /// <returns>Null where there is no such code, or it has ended.</returns>
    Task<AdminToken?> RedeemAsync(
        OrganisationId organisation, TokenHash code, string challenge, TokenHash secret, long now, AuditEvent record, AuditEvent reuse, CancellationToken cancellation);

    /// <summary>One indexed read; also one that was revoked or is over.</summary>
    Task<AdminToken?> FindAsync(OrganisationId organisation, TokenHash secret, CancellationToken cancellation);

    /// <summary>Those that live and have a secret, newest first.</summary>
    /// <param name="email">Null for everybody's.</param>
    Task<IReadOnlyList<AdminToken>> ListAsync(OrganisationId organisation, UserEmail? email, long now, CancellationToken cancellation);

    /// <param name="email">Only a token of this person; null for anybody's.</param>
    /// <returns>False where there is none that lives; nothing is recorded then.</returns>
    Task<bool> RevokeAsync(OrganisationId organisation, AdminTokenId id, UserEmail? email, long now, AuditEvent record, CancellationToken cancellation);
}

/// <param name="Secret">SHA-256 of the code.</param>
/// <param name="Challenge">Base64url of the SHA-256 of the command line's verifier (RFC 7636, S256).</param>
/// <param name="EndsAt">Microseconds since the Unix epoch.</param>
public sealed record AdminCode(TokenHash Secret, string Challenge, long EndsAt);
