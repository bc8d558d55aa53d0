using Symbolon.Client.Http;
using Symbolon.Jose;
using Symbolon.Jose.Json;

namespace Symbolon.Client.Revocation;

/// <summary>
/// What one connection to the feed has said. Whatever is not as it should be ends the connection, and what was learned stays; only a time that goes on, told by
/// <c>current</c>, makes the table count as current: a node that cannot vouch for what it knows tells its <c>state</c> too. Nothing that is said twice, late or backward makes it looser.
/// </summary>
/// <param name="table">Of all connections.</param>
/// <param name="lastNow">The latest time that any connection has told, in microseconds since the Unix epoch.</param>
internal sealed class FeedReading(RevocationTable table, TimeProvider clock, long lastNow)
{
    private const long PerSecond = 1_000_000;

    /// <summary>Clocks of nodes differ; a feed that is further off is somebody's recording.</summary>
    private const long MostOff = 60 * PerSecond;

    /// <summary>By as much a connection may fall behind what it was at its beginning before what it tells is old news.</summary>
    private const long MostBehind = 3 * PerSecond;

    private static readonly JsonLimits Limits = new(depth: 6, members: 4 * RevocationTable.Most);

    private bool hasState;
    private long firstNow;
    private long firstAt;

    public long LastNow { get; private set; } = lastNow;

    /// <returns>Whether the table is current by this event.</returns>
    /// <exception cref="InvalidDataException">It is no event of the feed, or not at its place.</exception>
    public bool Take(FeedEvent said)
    {
        if (said.Name is not ("state" or "epoch" or "inactive" or "active" or "current")) return false;
        if (!StrictJson.Scan(said.Body, Limits).Accepted || JsonValue.Root(said.Body) is not { Kind: JsonKind.Object } root) throw Wrong(said, "is no JSON object");
        if (hasState == (said.Name == "state")) throw Wrong(said, hasState ? "came twice" : "came before the state");
        switch (said.Name)
        {
            case "state":
                TakeState(said, root);
                return false;
            case "epoch":
                if (!table.Raise(TargetOf(said, root), NotBeforeOf(said, root))) throw Wrong(said, "is one too many");
                return false;
            case "inactive":
                if (!table.AddInactive(TargetOf(said, root))) throw Wrong(said, "is one too many");
                return false;
            case "active":
                table.RemoveInactive(TargetOf(said, root));
                return false;
            default:
                return IsNews(NowOf(said, root));
        }
    }

    private void TakeState(FeedEvent said, JsonValue root)
    {
        var now = NowOf(said, root);
        if (Math.Abs(now - OwnNow()) > MostOff) throw Wrong(said, "is not of now");
        var inactive = new HashSet<Sha256Value>();
        foreach (var item in ListOf(said, root, "inactive"u8))
            if (!inactive.Add(TargetOf(said, item)) || inactive.Count > RevocationTable.Most) throw Wrong(said, "names somebody twice, or too many");
        foreach (var item in ListOf(said, root, "epochs"u8))
            if (!table.Raise(TargetOf(said, item), NotBeforeOf(said, item))) throw Wrong(said, "has too many epochs");
        (hasState, firstNow, firstAt) = (true, now, clock.GetTimestamp());
        // One from before what is known, of a node whose clock is slow, may add to it and take nothing away.
        if (now <= LastNow) foreach (var target in inactive) table.AddInactive(target);
        else table.SetInactive(inactive);
        LastNow = Math.Max(LastNow, now);
    }

    private bool IsNews(long now)
    {
        if (now <= LastNow) return false;
        LastNow = now;
        var behind = (long)clock.GetElapsedTime(firstAt).TotalMicroseconds - (now - firstNow);
        return behind <= MostBehind && Math.Abs(now - OwnNow()) <= MostOff;
    }

    private long OwnNow() => (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private static long NowOf(FeedEvent said, JsonValue root) => JsonAnswer.Number(root, "now"u8) is > 0 and { } now ? now : throw Wrong(said, "has no time");

    private static long NotBeforeOf(FeedEvent said, JsonValue item) =>
        JsonAnswer.Number(item, "not_before"u8) is >= 0 and { } time ? time : throw Wrong(said, "has no not_before");

    /// <summary>The level is in the hash already; an item without one is of another form than we know.</summary>
    private static Sha256Value TargetOf(FeedEvent said, JsonValue item) =>
        item.Kind == JsonKind.Object && JsonAnswer.Text(item, "level"u8) is not null
        && item.TryGetMember("target"u8, out var member) && member.Value.TryGetPlainText(out var text) && Sha256Value.TryParse(text, out var target)
            ? target : throw Wrong(said, "names no level and target");

    private static JsonItems ListOf(FeedEvent said, JsonValue root, ReadOnlySpan<byte> name) =>
        root.TryGetMember(name, out var member) && member.Value.Kind == JsonKind.Array ? member.Value.Items : throw Wrong(said, "lacks a list");

    private static InvalidDataException Wrong(FeedEvent said, string what) => new($"The event {said.Name} {what}.");
}
