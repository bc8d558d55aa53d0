using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Symbolon.Core.Identity;

namespace Symbolon.Admin.Console.Sessions;

/// <summary>
/// Who is signed in to the console of this process. It dies with the process, as the admin token that opens it does. At most
/// <see cref="Most"/> at once; the one that ends first makes room.
/// </summary>
internal sealed class ConsoleSessions(TimeProvider clock)
{
    public const int Most = 1000;
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(8);

    private const int SecretBytes = 32;
    private readonly Lock gate = new();
    private readonly Dictionary<TokenHash, ConsoleSession> open = [];

    /// <returns>The cookie's secret.</returns>
    public string Open(string by)
    {
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        var now = clock.GetUtcNow();
        var session = new ConsoleSession(HashOf(secret), by, now + Lifetime);
        lock (gate)
        {
            foreach (var ended in open.Values.Where(each => each.Expires <= now).ToList()) open.Remove(ended.Id);
            if (open.Count >= Most) open.Remove(open.Values.MinBy(each => each.Expires)!.Id);
            open.Add(session.Id, session);
        }
        return secret;
    }

    /// <returns>The live session of this secret, or null.</returns>
    public ConsoleSession? Find(string secret)
    {
        lock (gate) return open.TryGetValue(HashOf(secret), out var session) && session.Expires > clock.GetUtcNow() ? session : null;
    }

    /// <summary>Whether it was neither ended nor has run out: for what lasts longer than a request.</summary>
    public bool IsOpen(ConsoleSession session)
    {
        lock (gate) return open.ContainsKey(session.Id) && session.Expires > clock.GetUtcNow();
    }

    /// <summary>Its cookie is refused from now on.</summary>
    public void End(ConsoleSession session)
    {
        lock (gate) open.Remove(session.Id);
    }

    private static TokenHash HashOf(string secret) => TokenHash.Of(Encoding.UTF8.GetBytes(secret));
}
