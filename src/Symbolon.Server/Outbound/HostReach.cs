using System.Net;
using Symbolon.Core.Outbound;

namespace Symbolon.Server.Outbound;

/// <summary>
/// Whether a host that was approved by name may be inside. Any name is held to what it was when it was approved: one that was outside
/// never leads inside, whatever its name server says later (DNS rebinding), in no process. Where the approval did not ask yet, literals
/// and <c>localhost</c> say it themselves, and a name is held to what it was when this process first connected to it. Several threads may ask.
/// </summary>
/// <param name="approved">What the approval that counts now says.</param>
internal sealed class HostReach(string host, Func<HostPlace?>? approved = null)
{
    private int first = (int)(IsInsideByName(host) ? HostPlace.Inside : HostPlace.Unknown);

    /// <param name="addresses">All that the name has now.</param>
    public bool MayBeInternal(IPAddress[] addresses)
    {
        if (addresses.Length == 0) return false;
        if (approved?.Invoke() is { } place) return place == HostPlace.Inside;
        var now = PlaceOf(addresses);
        var before = (HostPlace)Interlocked.CompareExchange(ref first, (int)now, (int)HostPlace.Unknown);
        return (before == HostPlace.Unknown ? now : before) == HostPlace.Inside;
    }

    /// <summary>A name that is both is held to be outside, and refused while it is both.</summary>
    public static HostPlace PlaceOf(IPAddress[] addresses) =>
        addresses.Length == 0 ? HostPlace.Unknown
        : Array.TrueForAll(addresses, address => OutboundAddress.ReachOf(address) == AddressReach.Internal) ? HostPlace.Inside
        : HostPlace.Outside;

    private static bool IsInsideByName(string host) => IPAddress.TryParse(host.Trim('[', ']'), out _) || UpstreamHost.IsLocalhost(host);
}
