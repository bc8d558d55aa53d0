using Symbolon.Core.Identity;

namespace Symbolon.Core.Registry;

/// <summary>Told by who is about to start a process and finds other files than were approved. It does not start it.</summary>
public interface IPinAlarm
{
    /// <summary>
    /// Suspends the server, which every node sees, with an audit record that says what changed. May be raised by every start that fails: a
    /// server that is suspended already, or has another version by now, is left as it is.
    /// </summary>
    /// <param name="version">The approved version that was to be started.</param>
    Task RaiseAsync(OrganisationId organisation, ServerName server, int version, PinFault fault, CancellationToken cancellation);
}
