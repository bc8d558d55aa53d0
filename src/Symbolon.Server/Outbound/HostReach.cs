using System.Net;
using Symbolon.Core.Outbound;

namespace Symbolon.Server.Outbound;

/// <summary>
/// Whether a host that was approved by name may be inside. Literals and <c>localhost</c> say it themselves; any other name is held to
/// what it was when this process first connected to it: one that was outside never leads inside, whatever its name server says later
/// (DNS rebinding). Several threads may ask.
/// </summary>
internal sealed class HostReach(string host)
{
    private const int Unknown = 0;
    private const int Outside = 1;
    private const int Inside = 2;

    private int first = IsInsideByName(host) ? Inside : Unknown;

    /// <param name="addresses">All that the name has now.</param>
    public bool MayBeInternal(IPAddress[] addresses)
    {
        if (addresses.Length == 0) return false;
        // A name that is both is held to be outside, and refused while it is both.
        var now = Array.TrueForAll(addresses, address => OutboundAddress.ReachOf(address) == AddressReach.Internal) ? Inside : Outside;
        var before = Interlocked.CompareExchange(ref first, now, Unknown);
        return (before == Unknown ? now : before) == Inside;
    }

    private static bool IsInsideByName(string host) =>
        IPAddress.TryParse(host.Trim('[', ']'), out _) || string.Equals(host.TrimEnd('.'), "localhost", StringComparison.OrdinalIgnoreCase);
}
