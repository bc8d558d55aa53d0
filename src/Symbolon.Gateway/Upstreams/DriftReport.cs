using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Symbolon.Core;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Reviews;
using Symbolon.Core.Snapshot;
using Symbolon.Core.Tools;
using Symbolon.Jose.Json;

namespace Symbolon.Gateway.Upstreams;

/// <summary>
/// Tells the registry what is listed unreviewed, so that it is suspended on every node and reviewers are asked. It does not hold up who reads: until the
/// registry has answered, the digest alone refuses. What could not be told is told after the next reading.
/// </summary>
internal sealed partial class DriftReport(IDriftAlarm alarm, Configuration configuration, TimeProvider clock, ILogger<DriftReport> log)
{
    /// <summary>As deep as the strict scan lets it be, which accepted it.</summary>
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = JsonLimits.GreatestDepth + 1 };

    private readonly ConcurrentDictionary<(OrganisationId, ServerName), Turn> turns = new();

    public void Tell(Upstream upstream, Era era)
    {
        // Asked on every list that passes by: what costs the least comes first.
        var live = upstream[era].Tools;
        if (configuration.Server(upstream.Organisation, upstream.Name) is not { } server || (!live.HasUnreviewed && server.Withheld.IsEmpty) || server.Approved?.Number != upstream.ManifestNumber) return;
        var turn = turns.GetOrAdd((upstream.Organisation, upstream.Name), _ => new Turn());
        if (turn.IsTooSoon(clock, isNews: true)) return;
        var unknown = Unknown(server, live, era);
        var back = Back(server, live, era);
        if (unknown.Count == 0 && back.Count == 0) return;
        var suspended = server.Drifted.Where(drifted => drifted.Era == era).Select(drifted => drifted.Tool).ToHashSet();
        if (turn.IsTooSoon(clock, isNews: !unknown.TrueForAll(each => suspended.Contains(each.Tool))) || !turn.TryTake()) return;
        turn.Tell(clock);
        // The other era is read at once, so that reviewers see both.
        if (unknown.Count > 0) upstream.Outdate();
        _ = RaiseAsync(upstream, era, unknown, back, turn);
    }

    /// <summary>Tools of which something else was turned down, and that are listed as reviewed.</summary>
    private static List<(ToolName Tool, Era Era)> Back(ServerObject server, LiveTools live, Era era)
    {
        if (server.Withheld.IsEmpty) return [];
        var withheld = server.Withheld.Where(each => each.Era == era).Select(each => each.Tool).ToHashSet();
        return [.. server.Approved!.Manifest.Tools.Where(tool => withheld.Contains(tool.Name) && live[tool.Name.Value] is { } listed && DriftWatch.IsReviewed(tool, listed, era)).Select(tool => (tool.Name, era))];
    }

    private static List<(ToolName Tool, LiveTool Listed)> Unknown(ServerObject server, LiveTools live, Era era)
    {
        // What was turned down, and has been listed as reviewed meanwhile, is told once more.
        var known = server.Drifted.Concat(server.Withheld.Intersect(server.TurnedDown)).ToHashSet();
        var found = new List<(ToolName, LiveTool)>();
        foreach (var tool in server.Approved!.Manifest.Tools)
            if (live[tool.Name.Value] is { Unreviewed: not null } listed && !known.Contains(new DriftedTool(tool.Name, era, listed.Digest))) found.Add((tool.Name, listed));
        return found;
    }

    private async Task RaiseAsync(Upstream upstream, Era era, List<(ToolName Tool, LiveTool Listed)> unknown, List<(ToolName Tool, Era Era)> back, Turn turn)
    {
        try
        {
            var now = clock.Microseconds();
            var seen = unknown.ConvertAll(each => new SeenDefinition(each.Tool, era, each.Listed.Digest, JsonElement.Parse(each.Listed.Unreviewed!, Deep), now));
            if (seen.Count > 0) await alarm.RaiseAsync(upstream.Organisation, upstream.Name, upstream.ManifestNumber, seen, CancellationToken.None);
            if (back.Count > 0) await alarm.ClearAsync(upstream.Organisation, upstream.Name, upstream.ManifestNumber, back, CancellationToken.None);
        }
        catch (Exception e)
        {
            LogNotTold(e, upstream.Name.Value);
        }
        finally
        {
            turn.Free();
        }
    }

    [LoggerMessage(EventId = 2221, Level = LogLevel.Error, Message = "The changed tools of {Server} could not be suspended on every node; this one refuses them by their digests")]
    private partial void LogNotTold(Exception exception, string server);

    private sealed class Turn
    {
        private const int Soon = 8;
        private int taken;

        public long ToldAt { get; private set; }

        public int Told { get; private set; }

        public bool IsTooSoon(TimeProvider clock, bool isNews) => Told > 0 && clock.GetElapsedTime(ToldAt) < Gap(isNews);

        /// <summary>Tools that were not suspended yet are told at once a few times, then ever later: each telling is a version of the server's object, and a server can change one more tool each time.</summary>
        private TimeSpan Gap(bool isNews) => TimeSpan.FromSeconds(Math.Max(isNews ? 0 : 60, Told < Soon ? 0 : Math.Min(600, Math.Pow(2, Math.Min(10, Told - Soon)))));

        /// <summary>After a quiet hour it begins anew.</summary>
        public void Tell(TimeProvider clock)
        {
            Told = Told > 0 && clock.GetElapsedTime(ToldAt) > TimeSpan.FromHours(1) ? 1 : Told + 1;
            ToldAt = clock.GetTimestamp();
        }

        public bool TryTake() => Interlocked.Exchange(ref taken, 1) == 0;

        public void Free() => Volatile.Write(ref taken, 0);
    }
}
