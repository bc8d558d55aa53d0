using Symbolon.AuthorizationServer.Clients;
using Symbolon.AuthorizationServer.Entry;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;

namespace Symbolon.AuthorizationServer.Feed;

/// <summary>Who may listen to the feed on this node, and for how long: no API takes the place of the others.</summary>
internal sealed class FeedSeats(ClientDirectory clients, Configuration configuration)
{
    public const int Most = 256;

    /// <summary>Streams of one client: its processes, and those that are about to be closed.</summary>
    public const int MostOfOne = 8;

    private readonly Lock gate = new();
    private readonly Dictionary<(OrganisationId, ClientId), int> taken = [];
    private int all;

    public bool TryTake(ClientRequest request)
    {
        var client = (request.Organisation, request.Id);
        lock (gate)
        {
            var own = taken.GetValueOrDefault(client);
            if (all >= Most || own >= MostOfOne) return false;
            all++;
            taken[client] = own + 1;
            return true;
        }
    }

    public void Free(ClientRequest request)
    {
        var client = (request.Organisation, request.Id);
        lock (gate)
        {
            all--;
            if (--taken[client] == 0) taken.Remove(client);
        }
    }

    /// <summary>Whether it is that API still, with the key that it has proved itself by.</summary>
    public bool MayStay(ClientRequest request) =>
        clients.Find(request.Organisation, request.Id)?.Audience is not null
        && (request.Proof.SignedBy is not { } key || configuration.Epochs.Find(request.Organisation, RevocationLevel.Key, key.ToString()) is null);
}
