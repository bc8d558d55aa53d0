using System.Collections.Concurrent;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Tools;

namespace Symbolon.Gateway.Upstreams;

/// <summary>
/// Compares what an upstream lists with what was reviewed, and records each change once: changed, vanished, back.
/// DESIGN.md section 4, Drift.
/// </summary>
internal sealed class DriftWatch(IAuditLog audit, TimeProvider clock)
{
    private readonly ConcurrentDictionary<(OrganisationId, ServerName, int Manifest, ToolName, Era), string?> seen = new();

    /// <summary>Whether the definition listed in this era is the reviewed one; only then is the tool called or listed.</summary>
    public static bool IsReviewed(ManifestTool tool, LiveTool live, Era era) =>
        tool.Digests.For(era) is { } reviewed && string.Equals(reviewed, live.Digest, StringComparison.Ordinal);

    public void Compare(Upstream upstream, Era era)
    {
        var live = upstream[era].Tools;
        foreach (var tool in upstream.Manifest.Tools)
        {
            if (tool.Digests.For(era) is not { } reviewed) continue;
            var listed = live[tool.Name.Value]?.Digest;
            var key = (upstream.Organisation, upstream.Name, upstream.ManifestNumber, tool.Name, era);
            var before = seen.TryGetValue(key, out var known) ? known : reviewed;
            if (string.Equals(before, listed, StringComparison.Ordinal)) continue;
            seen[key] = listed;
            Record(upstream, tool.Name, era, listed is null ? "vanished" : listed == reviewed ? "back" : "changed", listed);
        }
    }

    private void Record(Upstream upstream, ToolName tool, Era era, string action, string? digest) => audit.Append(new AuditEvent
    {
        Kind = AuditKind.Drift,
        Organisation = upstream.Organisation,
        Time = clock.GetUtcNow().ToUnixTimeMilliseconds() * 1000,
        Server = upstream.Name.Value,
        Tool = tool.Value,
        Target = "Server/" + upstream.Name.Value,
        Action = action,
        Reason = digest is null ? $"in the {EraText(era)} list" : $"in the {EraText(era)} list, now {digest}",
    });

    private static string EraText(Era era) => era == Era.Legacy ? "legacy" : "modern";
}
