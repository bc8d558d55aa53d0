using Symbolon.Core.Identity;
using Symbolon.Core.Registry;

namespace Symbolon.Testing.Fakes;

/// <summary>Says of each server what a test lets it say; of others, nothing.</summary>
public sealed class FakeUpstreamHealth : IUpstreamHealth
{
    public Dictionary<string, UpstreamReading> Readings { get; } = [];

    public UpstreamReading Of(OrganisationId organisation, ServerObject server) => Readings.GetValueOrDefault(server.Name.Value, UpstreamReading.Nothing);
}
