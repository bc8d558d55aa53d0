using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;

namespace Symbolon.Gateway.ToolCalls;

/// <summary>Lends exchanges and opens their records. At most 1024 wait for the next request.</summary>
internal sealed class ExchangePool(CallEntryPool entries, IAuditLog audit, TimeProvider clock)
{
    private const int Most = 1024;
    private readonly ConcurrentQueue<Exchange> idle = new();

    public Exchange Open(HttpContext http)
    {
        var exchange = idle.TryDequeue(out var found) ? found : new Exchange();
        var now = (clock.GetUtcNow().Ticks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        exchange.Open(http, CallEntry.Open(entries, audit, OrganisationId.Default, now), now, clock.GetTimestamp());
        return exchange;
    }

    public void Return(Exchange exchange)
    {
        exchange.Reset();
        if (idle.Count < Most) idle.Enqueue(exchange);
        else exchange.Dispose();
    }
}
