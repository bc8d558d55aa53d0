using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Symbolon.AuthorizationServer.Accounts;
using Symbolon.Core;
using Symbolon.Core.Accounts;
using Symbolon.Core.Audit;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Policy;

namespace Symbolon.AuthorizationServer.CommandLine;

/// <summary>
/// Command lines that act for an administrator. Who sits at the browser lets one act; the browser brings it a code, good once and for a minute,
/// that only the command line which asked can turn into a token, by its verifier (the shape of RFC 6749 §4.1 with RFC 7636, for the admin API).
/// </summary>
public sealed class AdminLogins(IAdminTokenStore tokens, LivePeople people, EventClock events, TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(8);
    public static readonly TimeSpan CodeLifetime = TimeSpan.FromMinutes(1);

    public const int MostLabelLength = 64;

    private const int SecretBytes = 32;
    private const int ChallengeLength = 43;
    private const int LeastVerifier = 43;
    private const int MostVerifier = 128;

    /// <summary>Whether it has the form of a challenge by S256 (RFC 7636 §4.2).</summary>
    public static bool IsChallenge(string? text) => text is { Length: ChallengeLength } && text.All(IsUnreserved);

    /// <param name="challenge">Base64url of the SHA-256 of the command line's verifier.</param>
    /// <param name="label">Where the command line is, as it said.</param>
    /// <returns>The code.</returns>
    /// <exception cref="Core.Snapshot.StoreUnavailableException">Nothing was let.</exception>
    public async Task<string> LetAsync(Requester requester, UserEmail person, string label, string challenge, CancellationToken cancellation)
    {
        var now = events.Next();
        var code = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        var token = new AdminToken { Id = AdminTokenId.New(), Email = person, Label = label, IssuedAt = now, ExpiresAt = now + Microseconds(Lifetime) };
        var record = RecordOf(requester, "let a command line act", token.Id, now, $"on {label}");
        await tokens.AddAsync(requester.Organisation, token, new AdminCode(HashOf(code), challenge, now + Microseconds(CodeLifetime)), record, cancellation);
        return code;
    }

    /// <returns>The token with its secret, which is in no other answer; null for a code that is not good, or another's verifier.</returns>
    /// <exception cref="Core.Snapshot.StoreUnavailableException">Nothing was issued; the code is still good.</exception>
    public async Task<(AdminToken Token, string Secret)?> RedeemAsync(OrganisationId organisation, string code, string verifier, string? peer, CancellationToken cancellation)
    {
        if (code.Length > ChallengeLength || verifier.Length is < LeastVerifier or > MostVerifier || !verifier.All(IsUnreserved)) return null;
        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        var secret = PastedToken.Create(TokenKind.Admin);
        var now = clock.Microseconds();
        var record = new AuditEvent { Kind = AuditKind.AdminChange, Organisation = organisation, Time = now, Peer = peer, Allowed = true, Action = "signed in the command line" };
        var reuse = new AuditEvent
        {
            Kind = AuditKind.AdminChange, Organisation = organisation, Time = now, Peer = peer, Allowed = false, Code = ReasonCode.Unauthenticated,
            Action = "a code came twice: its command line is ended",
        };
        return await tokens.RedeemAsync(organisation, HashOf(code), challenge, PastedToken.Hash(secret), now, record, reuse, cancellation) is { } token ? (token, secret) : null;
    }

    /// <returns>The token while it lives and its person is an administrator; else null.</returns>
    /// <exception cref="Core.Snapshot.StoreUnavailableException">It cannot be looked up.</exception>
    public async Task<AdminToken?> FindAsync(OrganisationId organisation, TokenHash secret, CancellationToken cancellation) =>
        await tokens.FindAsync(organisation, secret, cancellation) is { RevokedAt: null } token && token.ExpiresAt > clock.Microseconds()
            && await people.FindAsync(organisation, token.Email, token.IssuedAt, cancellation) is { IsAdministrator: true } ? token : null;

    /// <summary>Those that live, newest first.</summary>
    /// <param name="person">Null for everybody's.</param>
    /// <exception cref="Core.Snapshot.StoreUnavailableException">They cannot be looked up.</exception>
    public async Task<IReadOnlyList<AdminToken>> ListAsync(OrganisationId organisation, UserEmail? person, CancellationToken cancellation)
    {
        var live = new List<AdminToken>();
        foreach (var token in await tokens.ListAsync(organisation, person, clock.Microseconds(), cancellation))
            if (await people.FindAsync(organisation, token.Email, token.IssuedAt, cancellation) is { IsAdministrator: true }) live.Add(token);
        return live;
    }

    /// <param name="person">Only one of this person; null for anybody's.</param>
    /// <returns>False where there is none that lives.</returns>
    /// <exception cref="Core.Snapshot.StoreUnavailableException">It still lives.</exception>
    public Task<bool> EndAsync(Requester requester, AdminTokenId id, UserEmail? person, string? reason, CancellationToken cancellation)
    {
        var now = clock.Microseconds();
        return tokens.RevokeAsync(requester.Organisation, id, person, now, RecordOf(requester, "end", id, now, reason), cancellation);
    }

    private static AuditEvent RecordOf(Requester requester, string action, AdminTokenId id, long now, string? reason) =>
        new ChangeNote(action, $"CommandLine/{id}") { Reason = reason }.ToEvent(requester, now, refused: null);

    private static bool IsUnreserved(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_' or '~';

    private static TokenHash HashOf(string code) => TokenHash.Of(Encoding.UTF8.GetBytes(code));

    private static long Microseconds(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;
}
