using Symbolon.Core;
using Symbolon.Core.Audit;
using Symbolon.Core.Changes;

namespace Symbolon.Admin.Sessions;

/// <summary>What the audit has of who comes in and goes out.</summary>
internal static class SessionRecords
{
    /// <param name="action">e.g. <c>signed out</c>; the console says it in words of its own.</param>
    /// <param name="target">The session that somebody ended; the console where they speak of their own.</param>
    public static AuditEvent Of(Requester who, string action, TimeProvider clock, string target = "console", string? reason = null) => new()
    {
        Kind = AuditKind.AdminChange,
        Organisation = who.Organisation,
        Time = clock.Microseconds(),
        By = who.By,
        Peer = who.Peer,
        Allowed = true,
        Action = action,
        Target = target,
        Reason = reason,
    };
}
