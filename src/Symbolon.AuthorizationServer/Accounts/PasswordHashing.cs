using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Symbolon.Core.Accounts;

namespace Symbolon.AuthorizationServer.Accounts;

/// <summary>
/// ASP.NET Core's password hasher, kept from taking the whole machine: only a few passwords are hashed at once, and of those that wait only
/// as many as are answered within seconds. Each is hashed in its one form (<see cref="PasswordText"/>).
/// </summary>
public sealed class PasswordHashing : IDisposable
{
    /// <summary>Rounds of PBKDF2 with HMAC-SHA-512, as OWASP's Password Storage Cheat Sheet asks for.</summary>
    private const int Rounds = 210_000;

    private const int MostWaiting = 32;

    private readonly IPasswordHasher<Account> hasher;
    private readonly SemaphoreSlim places = new(Math.Max(1, Environment.ProcessorCount / 2));
    private readonly Lazy<string> nobodys;
    private int waiting;

    public PasswordHashing(IPasswordHasher<Account> hasher)
    {
        this.hasher = hasher;
        nobodys = new Lazy<string>(() => hasher.HashPassword(null!, Guid.NewGuid().ToString()));
    }

    /// <summary>The hasher of the product. What was hashed with fewer rounds is hashed anew at the next sign-in.</summary>
    public static IPasswordHasher<Account> NewHasher() => new PasswordHasher<Account>(Options.Create(new PasswordHasherOptions { IterationCount = Rounds }));

    /// <summary>However many wait: for an administrator, and for who has a link.</summary>
    /// <returns>The place, to be given back.</returns>
    public async Task<IDisposable> EnterAnywayAsync(CancellationToken cancellation)
    {
        await places.WaitAsync(cancellation);
        return new Place(places);
    }

    /// <summary>Waits for a place to work at.</summary>
    /// <returns>The place, to be given back; null where too many wait already.</returns>
    public async Task<IDisposable?> EnterAsync(CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref waiting) > MostWaiting)
        {
            Interlocked.Decrement(ref waiting);
            return null;
        }
        try
        {
            return await EnterAnywayAsync(cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    /// <summary>Takes tens of milliseconds of a core.</summary>
    public string Hash(string password) => hasher.HashPassword(null!, PasswordText.Normal(password));

    /// <summary>The same work whether or not there is a password to compare with.</summary>
    /// <param name="stored">Null for nobody, whose password nothing is.</param>
    public PasswordVerificationResult Verify(string? stored, string password)
    {
        var result = hasher.VerifyHashedPassword(null!, stored ?? nobodys.Value, PasswordText.Normal(password));
        return stored is null ? PasswordVerificationResult.Failed : result;
    }

    public void Dispose() => places.Dispose();

    private sealed class Place(SemaphoreSlim places) : IDisposable
    {
        private int given;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref given, 1) == 0) places.Release();
        }
    }
}
