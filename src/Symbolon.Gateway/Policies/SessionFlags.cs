using System.Collections.Concurrent;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Snapshot;
using Symbolon.Core.Tools;

namespace Symbolon.Gateway.Policies;

/// <summary>
/// What a session has done, as rules ask for it (<c>session.flags</c>): the flags of the tools that it called. A session is all that is done under one authorization, or one
/// pasted token, without a pause of an hour: another <c>initialize</c> sheds nothing. What another node adds is known here a second later at the latest.
/// </summary>
internal sealed class SessionFlags(ISessionFlags store)
{
    private const int MostKept = 65_536;

    /// <summary>Microseconds.</summary>
    private const long Second = 1_000_000;
    private const long Pause = 3_600 * Second;

    /// <summary>So long before its end a session that goes on is written down anew.</summary>
    private const long Renewal = 600 * Second;

    private readonly ConcurrentDictionary<(OrganisationId, string), Known> kept = new();

    /// <exception cref="StoreUnavailableException">Nothing is known: what depends on it must be refused.</exception>
    public async ValueTask<IReadOnlyList<string>> OfAsync(TokenRecord token, long now, CancellationToken cancellation)
    {
        var session = SessionOf(token);
        if (kept.TryGetValue((token.Organisation, session), out var known) && known.IsCurrent(now)) return known.Texts;
        var flags = await store.FindAsync(token.Organisation, session, now, cancellation);
        if (flags != ToolFlags.None) await RenewAsync(token, flags, now, cancellation);
        return Keep(token, flags, readAt: now, until: 0, now).Texts;
    }

    /// <summary>The session calls such a tool; durable when it returns.</summary>
    public async ValueTask AddAsync(TokenRecord token, ToolFlags flags, long now, CancellationToken cancellation)
    {
        var session = SessionOf(token);
        if (kept.TryGetValue((token.Organisation, session), out var known) && (known.Flags & flags) == flags && known.Until - now > Pause - Renewal) return;
        await store.AddAsync(token.Organisation, session, flags, now, now + Pause, cancellation);
        Keep(token, flags, readAt: 0, now + Pause, now);
    }

    private async ValueTask RenewAsync(TokenRecord token, ToolFlags flags, long now, CancellationToken cancellation)
    {
        if (kept.TryGetValue((token.Organisation, SessionOf(token)), out var known) && known.Until - now > Pause - Renewal) return;
        await store.AddAsync(token.Organisation, SessionOf(token), flags, now, now + Pause, cancellation);
        Keep(token, flags, now, now + Pause, now);
    }

    /// <summary>Beside what others have found out or added meanwhile, however old their reading is: a session only gains flags until it ends.</summary>
    private Known Keep(TokenRecord token, ToolFlags flags, long readAt, long until, long now)
    {
        // What is forgotten here is in the store.
        if (kept.Count >= MostKept) kept.Clear();
        var found = new Known(flags, readAt, until);
        return kept.AddOrUpdate((token.Organisation, SessionOf(token)), found, (_, before) => before.Join(found, now));
    }

    /// <summary>Tokens of one authorization follow each other, and are one session.</summary>
    private static string SessionOf(TokenRecord token) => token.OAuth?.Authorization.Value ?? token.Id.Value;

    /// <param name="ReadAt">When the store was asked; 0 for never.</param>
    private sealed record Known(ToolFlags Flags, long ReadAt, long Until)
    {
        public IReadOnlyList<string> Texts { get; } = [.. Flags.ToTexts()];

        /// <summary>A clock that was set back makes nothing newer.</summary>
        public bool IsCurrent(long now) => now - ReadAt is >= 0 and < Second && (Flags == ToolFlags.None || Until > now);

        public Known Join(Known found, long now) => Until <= now ? found : new Known(Flags | found.Flags, Math.Max(ReadAt, found.ReadAt), Math.Max(Until, found.Until));
    }
}
