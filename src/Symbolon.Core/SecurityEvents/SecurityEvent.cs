using Symbolon.Core.Identity;
using Symbolon.Core.Revocation;

namespace Symbolon.Core.SecurityEvents;

/// <summary>What an API has still to be told: that what was issued to somebody is over, or, without a level, a test.</summary>
/// <param name="Client">The API's client.</param>
/// <param name="Id">The <c>jti</c>, the same however often it is told.</param>
/// <param name="Change">The revision of the configuration by which it happened: what came of one change has one.</param>
/// <param name="Level">Null for a test.</param>
/// <param name="Target">The name at that level; of a test, the text that it carries, or empty.</param>
/// <param name="NotBefore">What was issued at or before is over. Microseconds since the Unix epoch.</param>
/// <param name="By">Who did it, as the record has it.</param>
/// <param name="CreatedAt">Microseconds since the Unix epoch.</param>
public sealed record SecurityEvent(OrganisationId Organisation, string Client, string Id, long Change, RevocationLevel? Level, string Target, long NotBefore, string By, long CreatedAt)
{
    public static string NewId() => Base62.NewId("set_");

    /// <summary>Whether tokens at APIs hang on it: a grant is about calls of our own servers, and what is called ends within minutes of its call.</summary>
    public static bool IsTold(RevocationLevel level) => level is not (RevocationLevel.Server or RevocationLevel.Grant);
}

/// <param name="Attempts">This one included; by it a claim is told from a later one.</param>
public sealed record ClaimedEvent(SecurityEvent Event, int Attempts);

/// <param name="Events">Oldest first.</param>
/// <param name="HasMore">Others wait behind these.</param>
public sealed record SecurityEventPage(IReadOnlyList<SecurityEvent> Events, bool HasMore);

/// <summary>How it goes with telling one API, on all nodes together.</summary>
/// <param name="Waiting">Events that it has not taken yet.</param>
/// <param name="OldestAt">When the oldest of them happened. Microseconds.</param>
/// <param name="Refused">Events that it said it cannot use.</param>
/// <param name="LeftOut">Events beyond those that may wait.</param>
/// <param name="GivenUp">Events that it did not take for three days.</param>
public sealed record SecurityEventState(long Waiting, long? OldestAt, SecurityEventAttempt? LastDelivered, SecurityEventAttempt? LastFailure, long Refused, long LeftOut, long GivenUp);

/// <param name="At">Microseconds.</param>
/// <param name="Why">Why it failed, or null.</param>
public sealed record SecurityEventAttempt(string Id, long At, string? Why);
