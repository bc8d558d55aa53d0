namespace Symbolon.Core.Announcements;

/// <summary>The types of event that a webhook is told: a closed list, each with one meaning for good.</summary>
public static class AnnouncementType
{
    /// <summary>A tool's listed definition is not the reviewed one any more; it is suspended until somebody looks.</summary>
    public const string DriftSeen = "drift.seen";

    /// <summary>Something waits for a reviewer.</summary>
    public const string ReviewOpened = "review.opened";

    /// <summary>A reviewer approved or rejected.</summary>
    public const string ReviewDecided = "review.decided";

    /// <summary>Nobody decided in time.</summary>
    public const string ReviewExpired = "review.expired";

    public const string ServerSuspended = "server.suspended";

    /// <summary>Two keys came with one enrolment code: neither serves, and the code was in the wrong hands.</summary>
    public const string EnrolmentContested = "enrolment.contested";

    /// <summary>An administrator tries the webhook. Tried once, and sent even to an endpoint that said it is gone.</summary>
    public const string Ping = "ping";
}
