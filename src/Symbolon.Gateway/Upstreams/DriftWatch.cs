using System.Collections.Concurrent;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Tools;

namespace Symbolon.Gateway.Upstreams;

/// <summary>
/// Compares what an upstream lists with what was reviewed, and records what changed, vanished or came back: one record for each of
/// these a comparison, at most ten comparisons a second that found something. What is left out then is found by the next
/// comparison, at the latest by the next refresh. DESIGN.md section 4, Drift.
/// </summary>
internal sealed class DriftWatch(IAuditLog audit, DriftReport report, TimeProvider clock)
{
    private const int MostInSecond = 10;

    /// <summary>Characters that the names in one record have together.</summary>
    private const int MostNames = 1024;

    private readonly ConcurrentDictionary<(OrganisationId, ServerName, Era), Seen> seen = new();

    /// <summary>Whether the definition listed in this era is the reviewed one; only then is the tool called or listed.</summary>
    public static bool IsReviewed(ManifestTool tool, LiveTool live, Era era) =>
        tool.Digests.For(era) is { } reviewed && string.Equals(reviewed, live.Digest, StringComparison.Ordinal);

    public void Compare(Upstream upstream, Era era)
    {
        report.Tell(upstream, era);
        var before = seen.GetOrAdd((upstream.Organisation, upstream.Name, era), _ => new Seen());
        lock (before)
        {
            before.Begin(upstream.ManifestNumber);
            var found = Differences(upstream, era, before.Digests);
            if (found.Count == 0 || !before.MayRecord(clock.GetUtcNow().ToUnixTimeSeconds())) return;
            foreach (var change in found) before.Digests[change.Tool] = change.Digest;
            foreach (var action in found.GroupBy(change => change.Action)) Record(upstream, era, action.Key, [.. action]);
        }
    }

    private static List<Change> Differences(Upstream upstream, Era era, Dictionary<ToolName, string?> before)
    {
        var live = upstream[era].Tools;
        var found = new List<Change>();
        foreach (var tool in upstream.Manifest.Tools)
        {
            if (tool.Digests.For(era) is not { } reviewed) continue;
            var listed = live[tool.Name.Value]?.Digest;
            var known = before.TryGetValue(tool.Name, out var digest) ? digest : reviewed;
            if (string.Equals(known, listed, StringComparison.Ordinal)) continue;
            found.Add(new Change(tool.Name, listed, listed is null ? "vanished" : listed == reviewed ? "back" : "changed"));
        }
        return found;
    }

    private void Record(Upstream upstream, Era era, string action, List<Change> changes) => audit.Append(new AuditEvent
    {
        Kind = AuditKind.Drift,
        Organisation = upstream.Organisation,
        Time = clock.GetUtcNow().ToUnixTimeMilliseconds() * 1000,
        Server = upstream.Name.Value,
        Tool = changes.Count == 1 ? changes[0].Tool.Value : null,
        Count = changes.Count == 1 ? null : changes.Count,
        Target = "Server/" + upstream.Name.Value,
        Action = action,
        Reason = $"in the {EraText(era)} list{(changes.Count > 1 ? ": " + Names(changes) : changes[0].Digest is { } digest ? $", now {digest}" : "")}",
    });

    private static string Names(List<Change> changes)
    {
        var names = string.Join(", ", changes.Select(change => change.Tool.Value));
        return names.Length <= MostNames ? names : names[..MostNames] + " ...";
    }

    private static string EraText(Era era) => era == Era.Legacy ? "legacy" : "modern";

    private readonly record struct Change(ToolName Tool, string? Digest, string Action);

    /// <summary>The digests last recorded of one server in one era. Used under its own lock.</summary>
    private sealed class Seen
    {
        private int manifest;
        private long second;
        private int recorded;

        public Dictionary<ToolName, string?> Digests { get; } = [];

        public void Begin(int number)
        {
            if (manifest == number) return;
            manifest = number;
            Digests.Clear();
        }

        public bool MayRecord(long now)
        {
            if (second != now) (second, recorded) = (now, 0);
            return ++recorded <= MostInSecond;
        }
    }
}
