namespace Symbolon.Core.Announcements;

/// <summary>How it goes with telling an organisation's events, on all nodes together.</summary>
/// <param name="Waiting">Events that were not delivered yet.</param>
/// <param name="OldestAt">When the oldest of them happened. Microseconds.</param>
/// <param name="LastTest">The last ping, however it ended.</param>
/// <param name="Lost">Events that nobody was told, ever: three days in vain, or beyond what may wait.</param>
/// <param name="Gone">The fingerprint of the address that answered 410 and is left alone, or null.</param>
public sealed record AnnouncementState(long Waiting, long? OldestAt, AnnouncementAttempt? LastSuccess, AnnouncementAttempt? LastFailure, AnnouncementAttempt? LastTest, long Lost, string? Gone);

/// <param name="At">Microseconds.</param>
/// <param name="Why">Why it failed, or null.</param>
public sealed record AnnouncementAttempt(string Id, string Type, long At, string? Why);
