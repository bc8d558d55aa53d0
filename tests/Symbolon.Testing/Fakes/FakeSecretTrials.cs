using Symbolon.Core.Identity;
using Symbolon.Core.Registry;

namespace Symbolon.Testing.Fakes;

/// <summary>Servers that take every value, or say otherwise.</summary>
public sealed class FakeSecretTrials : ISecretTrials
{
    public List<(string Server, string Value)> Tried { get; } = [];

    public Func<ServerName, TrialOutcome> Answer { get; set; } = _ => TrialOutcome.Works;

    public Task<SecretTrial> TryAsync(OrganisationId organisation, ServerName server, string secret, string value, CancellationToken cancellation)
    {
        Tried.Add((server.Value, value));
        return Task.FromResult(new SecretTrial(server, Answer(server), "as the test says"));
    }
}
