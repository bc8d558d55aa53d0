using Symbolon.Core.Identity;

namespace Symbolon.Core.Accounts;

/// <summary>
/// Counts attempts to sign in, for every node of one store. An attempt counts as failed from its beginning, so that a hundred at once are a
/// hundred; the one that succeeds takes itself back (<see cref="IAccountStore.TrySignInAsync"/>).
/// </summary>
public interface ISignInAttempts
{
    /// <returns>Null: go on. Else microseconds since the Unix epoch: nobody may try before then, and this attempt is not counted.</returns>
    /// <exception cref="Snapshot.StoreUnavailableException">Nothing is known: nobody may go on.</exception>
    Task<long?> BeginAsync(OrganisationId organisation, SignInAttempt attempt, CancellationToken cancellation);
}

/// <summary>Who tries, from where: each is counted for itself. An address without an account is counted as one with. A browser in which the person signed in before is counted alone.</summary>
/// <param name="Account">SHA-256 of the address as it was typed, lower-cased.</param>
/// <param name="Peer">SHA-256 of the network; null where the connection has none (a Unix socket).</param>
/// <param name="At">Microseconds since the Unix epoch.</param>
/// <param name="Device">SHA-256 of what the browser keeps of an earlier sign-in to this account; null for any other.</param>
public sealed record SignInAttempt(TokenHash Account, TokenHash? Peer, long At, TokenHash? Device = null);

/// <summary>After how many failures who tries must wait, and how long they are remembered.</summary>
/// <param name="Free">So many in a row cost no waiting; each further one doubles it, from a second to a quarter of an hour.</param>
/// <param name="Remembered">Microseconds since the last one.</param>
public sealed record AttemptRule(string Kind, int Free, long Remembered)
{
    /// <summary>Microseconds after the first failure that is not free.</summary>
    public const long Wait = 1_000_000;

    /// <summary>So often the wait is doubled: 1 s · 2^10, which is 17 min.</summary>
    public const int MostDoublings = 10;

    public static readonly AttemptRule OfAccount = new("account", 5, 24 * 3_600_000_000L);

    /// <summary>A browser that is known: what strangers fail at is not counted here, nor what fails here for them.</summary>
    public static readonly AttemptRule OfDevice = OfAccount with { Kind = "device" };

    /// <summary>Many people may share one network.</summary>
    public static readonly AttemptRule OfPeer = new("peer", 20, 3_600_000_000L);
}
