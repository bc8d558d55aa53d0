using Symbolon.Core.Outbound;

namespace Symbolon.Testing.Fakes;

/// <summary>Says where hosts lead, as a test wishes; asks no name server.</summary>
public sealed class FakeHosts : IHostLookup
{
    public HostPlace Place { get; set; } = HostPlace.Inside;

    public Task<HostPlace> PlaceOfAsync(Uri url, CancellationToken cancellation) => Task.FromResult(Place);
}
