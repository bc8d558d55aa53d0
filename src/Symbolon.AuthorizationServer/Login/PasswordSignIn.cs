using System.Buffers.Binary;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Symbolon.AuthorizationServer.Accounts;
using Symbolon.Core;
using Symbolon.Core.Accounts;
using Symbolon.Core.Identity;

namespace Symbolon.AuthorizationServer.Login;

/// <summary>
/// Signs people in by e-mail address and password. Nobody learns whether an address has an account: one that has none, or none that can be
/// signed in to, is answered alike, after the same work, and locked after as many attempts.
/// </summary>
public sealed class PasswordSignIn(IAccountStore accounts, ISignInAttempts attempts, PasswordHashing hashing, KnownDevices devices, TimeProvider clock)
{
    private const int MostBytes = 1024;

    /// <param name="device">What the browser keeps of an earlier sign-in; null for nothing.</param>
    /// <exception cref="Core.Snapshot.StoreUnavailableException">Nobody is signed in.</exception>
    public async Task<SignInResult> TryAsync(OrganisationId organisation, string address, string password, string? device, IPAddress? peer, CancellationToken cancellation)
    {
        using var place = await hashing.EnterAsync(cancellation);
        if (place is null) return SignInResult.Overloaded;
        // Before the account is read: a change after this moment ends the session.
        var attempt = AttemptOf(address, peer);
        var account = UserEmail.TryParse(address.Trim(), out var email) ? await accounts.FindAsync(organisation, email, cancellation) : null;
        attempt = attempt with { Device = devices.Find(organisation, account, device) };
        if (await attempts.BeginAsync(organisation, attempt, cancellation) is { } until) return new SignInResult.Locked(until);
        var stored = account is { IsSuspended: false } ? account.Password : null;
        var verdict = await Task.Run(() => hashing.Verify(stored, password), cancellation);
        if (verdict == PasswordVerificationResult.Failed) return SignInResult.Wrong;
        var rehashed = verdict == PasswordVerificationResult.SuccessRehashNeeded ? await Task.Run(() => hashing.Hash(password), cancellation) : null;
        return await accounts.TrySignInAsync(organisation, account!, rehashed, attempt, cancellation)
            ? new SignInResult.SignedIn(account!, attempt.At, attempt.Device is null ? devices.Seal(organisation, account!) : device!) : SignInResult.Wrong;
    }

    private SignInAttempt AttemptOf(string address, IPAddress? peer)
    {
        var typed = Encoding.UTF8.GetBytes(address.Trim().ToLowerInvariant());
        TokenHash? network = null;
        if (peer is not null)
        {
            Span<byte> key = stackalloc byte[16];
            BinaryPrimitives.WriteUInt128BigEndian(key, PeerNetwork.KeyOf(peer));
            network = TokenHash.Of(key);
        }
        return new SignInAttempt(TokenHash.Of(typed.AsSpan(0, Math.Min(typed.Length, MostBytes))), network, clock.Microseconds());
    }
}

/// <summary>What came of an attempt to sign in.</summary>
public abstract record SignInResult
{
    private SignInResult() { }

    public static readonly SignInResult Wrong = new Refused();

    /// <summary>So many try at this moment that this one was not looked at.</summary>
    public static readonly SignInResult Overloaded = new Busy();

    /// <summary>The password was right. Whoever is let in by it is recorded where the session is opened.</summary>
    /// <param name="At">Microseconds since the Unix epoch, before the password was looked at: from then on the session counts, so that a reset that came in between ends it.</param>
    /// <param name="Device">What the browser shall keep, so that it is known the next time.</param>
    public sealed record SignedIn(Account Account, long At, string Device) : SignInResult;

    /// <summary>Too many failures before it.</summary>
    /// <param name="Until">Microseconds since the Unix epoch.</param>
    public sealed record Locked(long Until) : SignInResult;

    private sealed record Refused : SignInResult;

    private sealed record Busy : SignInResult;
}
