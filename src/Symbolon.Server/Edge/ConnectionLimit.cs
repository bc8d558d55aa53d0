using System.Net;
using Microsoft.AspNetCore.Connections;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Policy;

namespace Symbolon.Server.Edge;

/// <summary>
/// Connections that one address may have open on all listeners together, so that nobody takes all of them: an IPv6 address counts as
/// its /64, which is what one person has. Loopback is this machine's own and declared proxies speak for many, so neither is counted.
/// Asked once a connection, before TLS; requests know nothing of it.
/// </summary>
/// <param name="most">Connections of one address.</param>
internal sealed class ConnectionLimit(int most, EdgeRules rules, IRefusalLog refusals)
{
    private readonly Lock gate = new();
    private readonly Dictionary<UInt128, int> open = [];

    /// <summary>Addresses that have connections open; an address that has none is forgotten.</summary>
    public int Addresses
    {
        get
        {
            lock (gate) return open.Count;
        }
    }

    /// <summary>As a piece of a listener's connection pipeline. A connection too many is closed at once and counted as refused.</summary>
    public ConnectionDelegate Limit(ConnectionDelegate next) => connection =>
        connection.RemoteEndPoint is IPEndPoint { Address: var address } && !IPAddress.IsLoopback(address) && !rules.IsTrusted(address)
            ? ServeCountedAsync(connection, address, next)
            : next(connection);

    private async Task ServeCountedAsync(ConnectionContext connection, IPAddress address, ConnectionDelegate next)
    {
        var key = PeerNetwork.KeyOf(address);
        if (!TryEnter(key))
        {
            refusals.Record(OrganisationId.Default, address, ReasonCode.Overloaded);
            connection.Abort(new ConnectionAbortedException("Too many connections of one address."));
            return;
        }
        try
        {
            await next(connection);
        }
        finally
        {
            Leave(key);
        }
    }

    private bool TryEnter(UInt128 key)
    {
        lock (gate)
        {
            var count = open.GetValueOrDefault(key);
            if (count >= most) return false;
            open[key] = count + 1;
            return true;
        }
    }

    private void Leave(UInt128 key)
    {
        lock (gate)
        {
            if (open[key] == 1) open.Remove(key);
            else open[key]--;
        }
    }
}
