using System.Net;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Policy;

namespace Symbolon.Testing.Fakes;

/// <summary>Keeps the refusals of unknown callers.</summary>
public sealed class RecordingRefusals : IRefusalLog
{
    private readonly Lock gate = new();
    private readonly List<ReasonCode> recorded = [];

    public IReadOnlyList<ReasonCode> Recorded
    {
        get { lock (gate) return [.. recorded]; }
    }

    /// <summary>Under which address each was counted.</summary>
    public List<IPAddress?> Peers { get; } = [];

    public void Record(OrganisationId organisation, IPAddress? peer, ReasonCode code)
    {
        lock (gate)
        {
            recorded.Add(code);
            Peers.Add(peer);
        }
    }
}
