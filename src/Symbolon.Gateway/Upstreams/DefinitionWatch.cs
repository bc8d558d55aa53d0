using System.Collections.Concurrent;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Tools;
using Symbolon.Jose.Json;

namespace Symbolon.Gateway.Upstreams;

/// <summary>
/// Drops listed tools that are none by the specification, as if they were not listed, and records each once for each fault: at most 20 records a second, whatever a
/// server makes up.
/// </summary>
internal sealed class DefinitionWatch(IAuditLog audit, TimeProvider clock)
{
    /// <summary>More are dropped all the same; only tools that a manifest names come here.</summary>
    private const int MostRemembered = 10_000;

    private const int MostInSecond = 20;

    private readonly ConcurrentDictionary<(OrganisationId, ServerName, Era, ToolName), string> dropped = new();
    private readonly Lock gate = new();
    private long second;
    private int recorded;

    /// <param name="tool">Of the manifest, as it is listed now.</param>
    /// <returns>Whether it may be listed and called.</returns>
    public bool Holds(Upstream upstream, Era era, JsonValue tool, ToolDigest digest)
    {
        if (ToolDefinition.FaultOf(tool, era) is not { } fault) return true;
        var key = (upstream.Organisation, upstream.Name, era, digest.Name);
        if ((dropped.TryGetValue(key, out var known) && known == fault) || !MayRecord()) return false;
        if (dropped.Count >= MostRemembered) dropped.Clear();
        dropped[key] = fault;
        audit.Append(new AuditEvent
        {
            Kind = AuditKind.UpstreamDropped,
            Organisation = upstream.Organisation,
            Time = clock.GetUtcNow().ToUnixTimeMilliseconds() * 1000,
            Server = upstream.Name.Value,
            Tool = digest.Name.Value,
            Action = "dropped",
            Reason = $"a tool that is none by the specification: {fault}",
        });
        return false;
    }

    private bool MayRecord()
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        lock (gate)
        {
            if (second != now) (second, recorded) = (now, 0);
            return ++recorded <= MostInSecond;
        }
    }
}
