using System.Collections.Concurrent;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;

namespace Symbolon.Testing.Fakes;

/// <summary>Remembers every alarm about files that changed.</summary>
public sealed class RecordingAlarm : IPinAlarm
{
    public ConcurrentQueue<(ServerName Server, int Version, PinFault Fault)> Raised { get; } = new();

    public Task RaiseAsync(OrganisationId organisation, ServerName server, int version, PinFault fault, CancellationToken cancellation)
    {
        Raised.Enqueue((server, version, fault));
        return Task.CompletedTask;
    }
}
