using Symbolon.Core.Identity;
using Symbolon.Core.Outbound;
using Symbolon.Core.SecurityEvents;

namespace Symbolon.Testing.Fakes;

/// <summary>Events as the test says, oldest first; what is said of them is kept. One at a time is claimed.</summary>
public sealed class FakeSecurityEvents : ISecurityEventStore
{
    private readonly Lock gate = new();
    private bool isClaimed;

    /// <summary>Whether they are to be posted; else nobody can claim any.</summary>
    public bool ArePushed { get; set; }

    public List<SecurityEvent> Waiting { get; } = [];

    public List<(SecurityEvent Event, string Why, TimeSpan? Pause)> Failures { get; } = [];

    public List<string> Gone { get; } = [];

    public Task<ClaimedEvent?> ClaimAsync(TimeSpan hold, CancellationToken cancellation)
    {
        lock (gate)
        {
            if (!ArePushed || isClaimed || Waiting.Count == 0) return Task.FromResult<ClaimedEvent?>(null);
            isClaimed = true;
            return Task.FromResult<ClaimedEvent?>(new ClaimedEvent(Waiting[0], 1));
        }
    }

    public Task DeliveredAsync(ClaimedEvent claimed, CancellationToken cancellation) => EndAsync(claimed, null, null);

    public Task FailedAsync(ClaimedEvent claimed, string why, TimeSpan pause, CancellationToken cancellation) => EndAsync(claimed, why, pause);

    public Task RefusedAsync(ClaimedEvent claimed, string why, CancellationToken cancellation) => EndAsync(claimed, why, null);

    public Task<SecurityEventPage> ReadAsync(OrganisationId organisation, string client, int most, CancellationToken cancellation)
    {
        lock (gate)
        {
            var own = Waiting.Where(each => each.Client == client).ToList();
            return Task.FromResult(new SecurityEventPage([.. own.Take(most)], own.Count > most));
        }
    }

    public Task AcknowledgeAsync(OrganisationId organisation, string client, IReadOnlyCollection<string> taken, IReadOnlyDictionary<string, string> refused, CancellationToken cancellation)
    {
        lock (gate)
        {
            foreach (var gone in Waiting.Where(each => each.Client == client && (taken.Contains(each.Id) || refused.ContainsKey(each.Id))).ToList())
            {
                Waiting.Remove(gone);
                Gone.Add(gone.Id);
                if (refused.TryGetValue(gone.Id, out var why)) Failures.Add((gone, why, null));
            }
        }
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<(string Client, int Count)>> GiveUpAsync(TimeSpan age, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<(string, int)>>([]);

    public Task<SecurityEventState?> StateAsync(OrganisationId organisation, string client, CancellationToken cancellation) => Task.FromResult<SecurityEventState?>(null);

    private Task EndAsync(ClaimedEvent claimed, string? why, TimeSpan? pause)
    {
        lock (gate)
        {
            isClaimed = false;
            if (why is not null) Failures.Add((claimed.Event, why, pause));
            if (pause is not null) return Task.CompletedTask;
            Waiting.Remove(claimed.Event);
            Gone.Add(claimed.Event.Id);
        }
        return Task.CompletedTask;
    }
}

/// <summary>A receiver that answers as the test says, and otherwise takes everything.</summary>
public sealed class FakeEventPost : IEventPost
{
    public List<(Uri Url, string Token)> Posted { get; } = [];

    public Queue<EventPostAnswer> Answers { get; } = [];

    public Task<EventPostAnswer> SendAsync(Uri url, string token, CancellationToken cancellation)
    {
        lock (Posted)
        {
            Posted.Add((url, token));
            return Task.FromResult(Answers.TryDequeue(out var answer) ? answer : new EventPostAnswer.Taken());
        }
    }
}
