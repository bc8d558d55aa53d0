using System.Collections.Concurrent;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry.Reviews;
using Symbolon.Core.Tools;

namespace Symbolon.Testing.Fakes;

/// <summary>Remembers every alarm about definitions that were listed unreviewed.</summary>
public sealed class RecordingDriftAlarm : IDriftAlarm
{
    public ConcurrentQueue<(ServerName Server, int Manifest, IReadOnlyList<SeenDefinition> Seen)> Raised { get; } = new();

    public ConcurrentQueue<(ServerName Server, ToolName Tool, Era Era)> Cleared { get; } = new();

    public Task RaiseAsync(OrganisationId organisation, ServerName server, int manifest, IReadOnlyList<SeenDefinition> seen, CancellationToken cancellation)
    {
        Raised.Enqueue((server, manifest, seen));
        return Task.CompletedTask;
    }

    public Task ClearAsync(OrganisationId organisation, ServerName server, int manifest, IReadOnlyList<(ToolName Tool, Era Era)> back, CancellationToken cancellation)
    {
        foreach (var (tool, era) in back) Cleared.Enqueue((server, tool, era));
        return Task.CompletedTask;
    }
}
