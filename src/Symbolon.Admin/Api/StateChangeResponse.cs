using Symbolon.Core;
using Symbolon.Core.Registry;

namespace Symbolon.Admin.Api;

/// <summary>Who changed the state of an object last, when and why.</summary>
public sealed record StateChangeResponse(string By, DateTimeOffset At, string? Reason)
{
    internal static StateChangeResponse? Of(StateChange? change) =>
        change is null ? null : new StateChangeResponse(change.By, UnixTime.FromMicroseconds(change.At), change.Reason);
}
