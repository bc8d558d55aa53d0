using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Symbolon.Core;
using Symbolon.Core.Identity;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Console.SignIn;

/// <summary>
/// The one-time link of the start, good on every node of the store. Only its hash is kept. Looking at it uses nothing up; it ends in the
/// transaction that opens the session, so that of two who use it at once one is let in.
/// </summary>
public sealed class SignInLink(ISessionStore store, ThisNode node, TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private const int SecretBytes = 32;

    /// <summary>Makes a new one; the one that this node made before is dead.</summary>
    /// <returns>The path with the secret, to be put behind the console's origin and shown to the operator alone.</returns>
    /// <exception cref="StoreUnavailableException">There is none.</exception>
    public async Task<string> CreateAsync(CancellationToken cancellation)
    {
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        await store.PutLinkAsync(OrganisationId.Default, new StoredLink(IdOf(secret), node.Name, UnixTime.ToMicroseconds(clock.GetUtcNow() + Lifetime)), cancellation);
        return $"/sign-in?link={secret}";
    }

    /// <returns>When it ends, or null where it is not good.</returns>
    internal async Task<DateTimeOffset?> LookAsync(string secret, CancellationToken cancellation) =>
        await store.FindLinkAsync(OrganisationId.Default, IdOf(secret), clock.Microseconds(), cancellation) is { } ends ? UnixTime.FromMicroseconds(ends) : null;

    internal static TokenHash IdOf(string secret) => TokenHash.Of(Encoding.UTF8.GetBytes(secret));
}
