using Symbolon.Core.Announcements;
using Symbolon.Core.Identity;

namespace Symbolon.Testing.Fakes;

/// <summary>Waiting events as the test says; what the worker says of them is kept.</summary>
public sealed class FakeAnnouncements : IAnnouncementStore
{
    public Queue<Announcement> Due { get; } = [];

    public List<Announcement> Delivered { get; } = [];

    public List<(Announcement Event, string Why, TimeSpan Pause, string? Gone)> Failed { get; } = [];

    public AnnouncementState State { get; set; } = new(0, null, null, null, null, 0, null);

    public Task<Announcement?> ClaimAsync(TimeSpan hold, string endpoint, CancellationToken cancellation) => Task.FromResult(Due.TryDequeue(out var next) ? next : null);

    public Task DeliveredAsync(Announcement claimed, CancellationToken cancellation)
    {
        Delivered.Add(claimed);
        return Task.CompletedTask;
    }

    public Task FailedAsync(Announcement claimed, string why, TimeSpan pause, string? gone, CancellationToken cancellation)
    {
        Failed.Add((claimed, why, pause, gone));
        return Task.CompletedTask;
    }

    public Task<int> GiveUpAsync(TimeSpan age, CancellationToken cancellation) => Task.FromResult(0);

    public Task<AnnouncementState> StateAsync(OrganisationId organisation, CancellationToken cancellation) => Task.FromResult(State);
}
