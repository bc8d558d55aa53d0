using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;

namespace Symbolon.AuthorizationServer.SecurityEvents;

/// <summary>How many may wait for events on this node: no API takes the place of the others.</summary>
internal sealed class WaitingPolls
{
    public const int Most = 256;
    public const int MostOfOne = 8;

    private readonly Lock gate = new();
    private readonly Dictionary<(OrganisationId, ClientId), int> waiting = [];
    private int all;

    public bool TryEnter(EventsToken token)
    {
        lock (gate)
        {
            var own = waiting.GetValueOrDefault((token.Organisation, token.Client));
            if (all >= Most || own >= MostOfOne) return false;
            all++;
            waiting[(token.Organisation, token.Client)] = own + 1;
            return true;
        }
    }

    public void Leave(EventsToken token)
    {
        lock (gate)
        {
            all--;
            if (--waiting[(token.Organisation, token.Client)] == 0) waiting.Remove((token.Organisation, token.Client));
        }
    }
}
