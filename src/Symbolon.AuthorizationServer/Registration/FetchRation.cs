using System.Net;
using Symbolon.Core;
using Symbolon.Core.Identity;

namespace Symbolon.AuthorizationServer.Registration;

/// <summary>
/// How many documents strangers may have fetched: twenty a minute and four at once for one network, so that no stranger takes another's place; six
/// hundred a minute and thirty-two at once in all, so that many networks cannot make this server a flood.
/// </summary>
internal sealed class FetchRation(TimeProvider clock)
{
    private const int MostOfPeer = 20;
    private const int MostOfPeerAtOnce = 4;
    private const int MostInMinute = 600;
    private const int MostAtOnce = 32;
    private const long Minute = 60_000_000;

    private readonly LookupAllowance allowance = new(MostOfPeer, TimeSpan.FromMinutes(1) / MostOfPeer, clock);
    private readonly Dictionary<UInt128, int> underWay = [];
    private readonly Lock gate = new();
    private int atOnce, inMinute;
    private long minuteStarted;

    /// <returns>The place, to be given back; null where there is none.</returns>
    public IDisposable? TryEnter(IPAddress? peer)
    {
        var key = peer is null ? 0 : PeerNetwork.KeyOf(peer);
        lock (gate)
        {
            var now = clock.Microseconds();
            if (now - minuteStarted >= Minute || now < minuteStarted) (minuteStarted, inMinute) = (now, 0);
            var ofPeer = underWay.GetValueOrDefault(key);
            if (atOnce >= MostAtOnce || inMinute >= MostInMinute || ofPeer >= MostOfPeerAtOnce || !allowance.TryTake(peer)) return null;
            underWay[key] = ofPeer + 1;
            atOnce++;
            inMinute++;
        }
        return new Place(this, key);
    }

    private void Leave(UInt128 key)
    {
        lock (gate)
        {
            atOnce--;
            if (--underWay[key] == 0) underWay.Remove(key);
        }
    }

    private sealed class Place(FetchRation ration, UInt128 key) : IDisposable
    {
        public void Dispose() => ration.Leave(key);
    }
}
