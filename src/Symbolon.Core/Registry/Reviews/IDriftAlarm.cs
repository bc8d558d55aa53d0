using Symbolon.Core.Identity;
using Symbolon.Core.Tools;

namespace Symbolon.Core.Registry.Reviews;

/// <summary>Told by who reads what a server lists and finds definitions that nobody reviewed.</summary>
public interface IDriftAlarm
{
    /// <summary>
    /// Suspends the tools, or the server where its file says so, on every node until they are reviewed, and opens a review that has the definitions. May be raised by
    /// every reading: what is known already changes nothing. Waits for the store.
    /// </summary>
    /// <param name="manifest">Number of the version that they were compared with; another one by now has other digests.</param>
    Task RaiseAsync(OrganisationId organisation, ServerName server, int manifest, IReadOnlyList<SeenDefinition> seen, CancellationToken cancellation);

    /// <summary>Tools whose other definitions were turned down are listed as reviewed again, and get at the API what was approved. What is known already changes nothing.</summary>
    /// <inheritdoc cref="RaiseAsync"/>
    Task ClearAsync(OrganisationId organisation, ServerName server, int manifest, IReadOnlyList<(ToolName Tool, Era Era)> back, CancellationToken cancellation);
}
