using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Policy;

namespace Symbolon.Gateway.Authentication;

/// <summary>
/// Counts refusals of unknown callers and appends one record for each address, reason and second. An IPv6 address counts as its /64,
/// which is what one person has. At most 64 counters a second; past that addresses are counted together, without an address.
/// </summary>
internal sealed class RefusalLog(IAuditLog audit, TimeProvider clock) : BackgroundService, IRefusalLog
{
    private const int Most = 64;
    private readonly Lock gate = new();
    private Dictionary<Key, int> counts = [];

    public void Record(OrganisationId organisation, IPAddress? peer, ReasonCode code)
    {
        var key = new Key(clock.GetUtcNow().ToUnixTimeSeconds(), organisation, peer is null ? null : NetworkOf(peer), code);
        lock (gate)
        {
            if (counts.TryGetValue(key, out var count)) counts[key] = count + 1;
            else if (counts.Count < Most) counts[key] = 1;
            else
            {
                key = key with { Peer = null };
                counts[key] = counts.GetValueOrDefault(key) + 1;
            }
        }
    }

    private static IPAddress NetworkOf(IPAddress peer)
    {
        if (peer.IsIPv4MappedToIPv6) return peer.MapToIPv4();
        if (peer.AddressFamily != AddressFamily.InterNetworkV6) return peer;
        Span<byte> bytes = stackalloc byte[16];
        peer.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return new IPAddress(bytes);
    }

    /// <summary>Appends what has been counted so far. Called each second, and once more at the end.</summary>
    internal void Flush()
    {
        Dictionary<Key, int> counted;
        lock (gate)
        {
            if (counts.Count == 0) return;
            (counted, counts) = (counts, []);
        }
        foreach (var (key, count) in counted)
            audit.Append(new AuditEvent
            {
                Kind = AuditKind.Refusals,
                Organisation = key.Organisation,
                Time = key.Second * 1_000_000,
                Peer = key.Peer is { AddressFamily: AddressFamily.InterNetworkV6 } network ? $"{network}/64" : key.Peer?.ToString(),
                Allowed = false,
                Code = key.Code,
                Outcome = CallOutcome.Refused,
                Count = count,
            });
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) Flush();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
        Flush();
    }

    private readonly record struct Key(long Second, OrganisationId Organisation, IPAddress? Peer, ReasonCode Code);
}
