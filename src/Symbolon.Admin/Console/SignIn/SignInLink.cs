using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Symbolon.Admin.Console.SignIn;

/// <summary>The one-time link of the start. Only its hash is kept; looking at it uses nothing up, taking it ends it.</summary>
public sealed class SignInLink(TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private const int SecretBytes = 32;
    private readonly Lock gate = new();
    private byte[]? hash;
    private DateTimeOffset expires;

    /// <summary>Makes a new one; the one before is dead.</summary>
    /// <returns>The path with the secret, to be put behind the console's origin and shown to the operator alone.</returns>
    public string Create()
    {
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        lock (gate)
        {
            hash = HashOf(secret);
            expires = clock.GetUtcNow() + Lifetime;
        }
        return $"/sign-in?link={secret}";
    }

    /// <returns>When it ends, or null where it is not good.</returns>
    internal DateTimeOffset? Look(string secret)
    {
        lock (gate) return IsGood(secret) ? expires : null;
    }

    /// <returns>True once.</returns>
    internal bool TryTake(string secret)
    {
        lock (gate)
        {
            if (!IsGood(secret)) return false;
            hash = null;
            return true;
        }
    }

    /// <summary>Nobody was let in by it after all: it is good for as long as it was.</summary>
    internal void GiveBack(string secret)
    {
        lock (gate) hash ??= HashOf(secret);
    }

    private bool IsGood(string secret) =>
        hash is { } known && expires > clock.GetUtcNow() && CryptographicOperations.FixedTimeEquals(HashOf(secret), known);

    private static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
