using Symbolon.Core.Outbound;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Tools;
using Symbolon.Registry.Servers;

namespace Symbolon.Admin.Servers;

/// <summary>What a reviewer should look at before a version is approved. It refuses nothing: what must be refused, the approval refuses.</summary>
internal static class ApprovalWarnings
{
    /// <summary>Tools that are told one by one; a version may have thousands.</summary>
    private const int MostTools = 20;

    /// <param name="place">Where the host leads now; null for a process, or where nobody asked.</param>
    public static IReadOnlyList<string> Of(ManifestVersion pending, HostPlace? place)
    {
        var warnings = new List<string>();
        if (Host(pending, place) is { } host) warnings.Add(host);
        warnings.AddRange(Homes(pending));
        if (pending.Manifest.ClientFeatures != ClientFeatures.None)
            warnings.Add($"it may ask clients for {string.Join(", ", pending.Manifest.ClientFeatures.ToTexts())} while it answers: what it asks there no policy reads");
        var harmless = pending.Manifest.Tools
            .Select(tool => (Tool: tool, Assessed: AssessedToolResponse.Assess(tool)))
            .Where(found => found.Assessed.Effect > found.Tool.Effect || (found.Assessed.Flags & ~found.Tool.Flags & Delicate) != 0)
            .Select(found => $"{found.Tool.Name}: {string.Join(", ", AssessedToolResponse.Decided(found.Tool, found.Assessed))}").ToList();
        Add(harmless, "more tools are decided milder than they are assessed");
        Add([.. ShownDefinition.Differing(pending.Manifest).Select(tool => $"{tool.Name}: {ShownDefinition.Differs}")], "more tools have no digest of what their file shows");
        return warnings;

        void Add(List<string> found, string more)
        {
            warnings.AddRange(found.Take(MostTools));
            if (found.Count > MostTools) warnings.Add($"{found.Count - MostTools} {more}");
        }
    }

    private static IEnumerable<string> Homes(ManifestVersion pending) => pending.Manifest.Upstream is UpstreamAddress.Stdio { Env: var variables }
        ? variables.Where(variable => EnvName.IsHome(variable.Key)).Select(variable =>
            $"{variable.Key} is {variable.Value}: interpreters and tools load code and settings from there, which no digest is of; nobody but who may change this server should be able to write there")
        : [];

    private const ToolFlags Delicate = ToolFlags.Sensitive | ToolFlags.Executes | ToolFlags.Financial;

    private static string? Host(ManifestVersion pending, HostPlace? place)
    {
        if (pending.Manifest.Upstream.Endpoint is not { } url) return null;
        var host = UpstreamHost.Of(url);
        return place switch
        {
            HostPlace.Inside when ApprovalCheck.NeedsConsent(pending, place) => $"{host} leads inside this network now",
            HostPlace.Unknown => $"{host} has no address now, so it cannot be approved",
            HostPlace.Forbidden => $"{host} leads to an address that is never connected to",
            _ => null,
        };
    }
}
