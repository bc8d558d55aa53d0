using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Symbolon.Admin.Api;
using Symbolon.Admin.Sessions;
using Symbolon.AuthorizationServer.Accounts;
using Symbolon.Core;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Console.Sessions;

/// <summary>
/// Who is signed in to the console, on every node of the store. A session ends after <see cref="Lifetime"/>, at sign-out, when an
/// administrator ends it, or, if the admin token or a link opened it, when the node whose they were starts again: they are dead then, and so is
/// what they opened. That of a person ends when the account is suspended, its password is reset, or all that was issued to the person is
/// revoked. At most <see cref="Most"/> at once; the one that ends first makes room. Every page asks the store: what ends a session acts
/// everywhere when it is answered.
/// </summary>
internal sealed class ConsoleSessions(ISessionStore store, LivePeople people, ThisNode node, TimeProvider clock)
{
    public const int Most = 1000;
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(8);

    private const int SecretBytes = 32;

    /// <summary>No node's: a person's session outlives the start of the node that opened it.</summary>
    private const string EveryNode = "";

    /// <summary>Opens one, with its record in the same transaction.</summary>
    /// <param name="action">How somebody signed in, as the record says it.</param>
    /// <param name="link">See <see cref="ISessionStore.OpenAsync"/>.</param>
    /// <param name="at">From when on it counts; null for now.</param>
    /// <returns>The cookie's secret; null where the link is not good.</returns>
    /// <exception cref="StoreUnavailableException">Nobody is signed in.</exception>
    public async Task<string?> OpenAsync(Requester who, string action, TokenHash? link, DateTimeOffset? at, CancellationToken cancellation)
    {
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        var now = at ?? clock.GetUtcNow();
        var home = UserEmail.TryParse(who.By, out _) ? EveryNode : node.Name;
        var session = new StoredSession(HashOf(secret), who.By, home, UnixTime.ToMicroseconds(now), UnixTime.ToMicroseconds(now + Lifetime));
        return await store.OpenAsync(who.Organisation, session, link, Most, SessionRecords.Of(who, action, clock), cancellation) ? secret : null;
    }

    /// <returns>The live session of this secret, or null.</returns>
    /// <exception cref="StoreUnavailableException">It cannot be looked up.</exception>
    public Task<ConsoleSession?> FindAsync(string secret, CancellationToken cancellation) => FindAsync(HashOf(secret), cancellation);

    /// <summary>
    /// Whether it was neither ended nor has run out: for what lasts longer than a request. Yes while the store cannot be asked: what it
    /// would be shown comes from there.
    /// </summary>
    public async Task<bool> IsOpenAsync(ConsoleSession session, CancellationToken cancellation)
    {
        try
        {
            return await IsStillAsync(session, cancellation);
        }
        catch (StoreUnavailableException)
        {
            return session.Expires > clock.GetUtcNow();
        }
    }

    /// <summary>Whether it is what it was when its request began: for what came slowly.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be looked up.</exception>
    public async Task<bool> IsStillAsync(ConsoleSession session, CancellationToken cancellation) =>
        await FindAsync(session.Id, cancellation) is { } found && found.IsAdministrator == session.IsAdministrator;

    /// <summary>Signs its holder out: its cookie is refused from now on, on every node.</summary>
    /// <exception cref="StoreUnavailableException">It still lives.</exception>
    public Task EndAsync(Requester who, ConsoleSession session, CancellationToken cancellation) =>
        store.EndAsync(who.Organisation, session.Id, SessionRecords.Of(who, "signed out", clock), cancellation);

    private async Task<ConsoleSession?> FindAsync(TokenHash id, CancellationToken cancellation)
    {
        if (await store.FindAsync(OrganisationId.Default, id, clock.Microseconds(), cancellation) is not { } found) return null;
        var session = new ConsoleSession(found.Id, found.By, UnixTime.FromMicroseconds(found.ExpiresAt));
        if (found.By == AdminGate.Bootstrap) return session;
        if (!UserEmail.TryParse(found.By, out var email)) return null;
        var person = await people.FindAsync(OrganisationId.Default, email, UnixTime.ToMicroseconds(session.SignedInAt), cancellation);
        return person is null ? null : session with { Person = person };
    }

    private static TokenHash HashOf(string secret) => TokenHash.Of(Encoding.UTF8.GetBytes(secret));
}
