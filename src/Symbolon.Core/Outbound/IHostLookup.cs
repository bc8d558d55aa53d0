namespace Symbolon.Core.Outbound;

/// <summary>Asks where the host of an upstream leads now. Asked once, when the server is approved: what it says then is held to.</summary>
public interface IHostLookup
{
    /// <summary>Never throws for a name: one that has no address, or gives none in time, is <see cref="HostPlace.Unknown"/>.</summary>
    Task<HostPlace> PlaceOfAsync(Uri url, CancellationToken cancellation);
}

/// <summary>Where all addresses of a host lead, taken together.</summary>
public enum HostPlace
{
    /// <summary>The name has no address now.</summary>
    Unknown,

    /// <summary>At least one address is public; the host never leads inside.</summary>
    Outside,

    /// <summary>Every address is on this machine or in this network.</summary>
    Inside,

    /// <summary>An address is one that is never connected to (<see cref="AddressReach.Forbidden"/>).</summary>
    Forbidden,
}
