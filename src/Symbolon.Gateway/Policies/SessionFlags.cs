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
        if (kept.TryGetValue((token.Organisation, session), out var known) && now - known.ReadAt < Second) return known.Texts;
        var flags = await store.FindAsync(token.Organisation, session, now, cancellation);
        if (flags != ToolFlags.None) await RenewAsync(token, flags, now, cancellation);
        return Keep(token, flags, now, known?.Until ?? 0).Texts;
    }

    /// <summary>The session calls such a tool; durable when it returns.</summary>
    public async ValueTask AddAsync(TokenRecord token, ToolFlags flags, long now, CancellationToken cancellation)
    {
        var session = SessionOf(token);
        kept.TryGetValue((token.Organisation, session), out var known);
        if (known is not null && (known.Flags & flags) == flags && known.Until - now > Pause - Renewal) return;
        await store.AddAsync(token.Organisation, session, flags, now, now + Pause, cancellation);
        Keep(token, (known?.Flags ?? ToolFlags.None) | flags, known?.ReadAt ?? 0, now + Pause);
    }

    private async ValueTask RenewAsync(TokenRecord token, ToolFlags flags, long now, CancellationToken cancellation)
    {
        if (kept.TryGetValue((token.Organisation, SessionOf(token)), out var known) && known.Until - now > Pause - Renewal) return;
        await store.AddAsync(token.Organisation, SessionOf(token), flags, now, now + Pause, cancellation);
        Keep(token, flags, now, now + Pause);
    }

    private Known Keep(TokenRecord token, ToolFlags flags, long readAt, long until)
    {
        // What is forgotten here is in the store.
        if (kept.Count >= MostKept) kept.Clear();
        var key = (token.Organisation, SessionOf(token));
        return kept[key] = new Known(flags, readAt, kept.TryGetValue(key, out var before) ? Math.Max(before.Until, until) : until, [.. flags.ToTexts()]);
    }

    /// <summary>Tokens of one authorization follow each other, and are one session.</summary>
    private static string SessionOf(TokenRecord token) => token.OAuth?.Authorization.Value ?? token.Id.Value;

    private sealed record Known(ToolFlags Flags, long ReadAt, long Until, IReadOnlyList<string> Texts);
}
