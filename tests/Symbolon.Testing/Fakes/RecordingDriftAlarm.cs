using System.Collections.Concurrent;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry.Reviews;

namespace Symbolon.Testing.Fakes;

/// <summary>Remembers every alarm about definitions that were listed unreviewed.</summary>
public sealed class RecordingDriftAlarm : IDriftAlarm
{
    public ConcurrentQueue<(ServerName Server, int Manifest, IReadOnlyList<SeenDefinition> Seen)> Raised { get; } = new();

    public Task RaiseAsync(OrganisationId organisation, ServerName server, int manifest, IReadOnlyList<SeenDefinition> seen, CancellationToken cancellation)
    {
        Raised.Enqueue((server, manifest, seen));
        return Task.CompletedTask;
    }
}
