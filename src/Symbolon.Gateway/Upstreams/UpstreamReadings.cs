using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Tools;
using Symbolon.Gateway.Upstreams.Credentials;
using Symbolon.Gateway.Upstreams.Stdio;

namespace Symbolon.Gateway.Upstreams;

/// <summary>Tells administrators what the readings of this node found. It reads memory alone, and starts no reading.</summary>
internal sealed class UpstreamReadings(UpstreamDirectory directory, StdioHost host, ForeignTokens foreign, TimeProvider clock) : IUpstreamHealth
{
    private static readonly Era[] Eras = [Era.Modern, Era.Legacy];

    public UpstreamReading Of(OrganisationId organisation, ServerObject server)
    {
        var reading = ReadingOf(organisation, server);
        return (server.Approved ?? server.Pending)?.Manifest.Upstream is UpstreamAddress.Stdio
            ? reading with { StartedBy = host.ConnectRunner is null ? ProcessStarter.Gateway : ProcessStarter.Runner }
            : reading;
    }

    private UpstreamReading ReadingOf(OrganisationId organisation, ServerObject server)
    {
        if (server is not { State: Lifecycle.Active, Approved: { } approved }) return UpstreamReading.Nothing;
        if (directory.Find(organisation, server.Name) is not { } upstream || upstream.ManifestNumber != approved.Number) return UpstreamReading.Nothing;
        var allowed = Eras.Where(upstream.Allows).ToList();
        var spoken = allowed.FindAll(era => upstream[era].State == EraState.Spoken);
        var failed = allowed.FindAll(era => FaultOf(upstream[era]) is not null);
        var open = upstream.Circuit.OpenFor;
        var health = open is not null ? UpstreamHealth.Unreachable
            : spoken.Exists(era => !failed.Contains(era)) ? UpstreamHealth.Ok
            : failed.Count > 0 || allowed.TrueForAll(era => upstream[era].State == EraState.NotSpoken) ? UpstreamHealth.Unreachable
            : UpstreamHealth.Unknown;
        return new UpstreamReading
        {
            Health = health,
            ReadAt = spoken.Count == 0 ? null : TimeOf(spoken.Max(era => upstream[era].ReadAt)),
            CircuitOpenSince = open is { } since ? (clock.GetUtcNow() - since).ToUnixTimeMilliseconds() * 1000 : null,
            // Also where others are served still: it is the owner's to put right.
            Fault = foreign.FaultOf(organisation, server.Name, approved.Number) is { } noToken ? noToken
                : health != UpstreamHealth.Unreachable ? null
                : open is not null ? $"It could not be connected to {Circuit.InRow} times in a row. Calls are refused at once; one is let through every {Circuit.Pause.TotalSeconds:0} s to see whether it is back."
                : failed.Count > 0 ? FaultOf(upstream[failed[0]]) : "It speaks no protocol revision that its registration allows.",
            Tools = spoken.Count == 0 ? UpstreamReading.Nothing.Tools : upstream.Manifest.Tools.ToDictionary(tool => tool.Name, tool => DefinitionOf(tool, upstream, spoken)),
        };
    }

    /// <summary>Why the last reading of this era failed; null where one succeeded since.</summary>
    private static string? FaultOf(EraView view) =>
        view.Reading.Last is { } failure && (view.State == EraState.Unknown || view.HasFailedSince) ? failure.Fault.Message : null;

    private static LiveDefinition DefinitionOf(ManifestTool tool, Upstream upstream, List<Era> spoken)
    {
        var states = spoken.ConvertAll(era => StateOf(tool.Digests.For(era), Listed(era)));
        return new LiveDefinition(
            states.Contains(DefinitionState.Changed) ? DefinitionState.Changed
            : states.Contains(DefinitionState.Reviewed) ? DefinitionState.Reviewed
            : states.Contains(DefinitionState.Unreviewed) ? DefinitionState.Unreviewed : DefinitionState.Vanished,
            new ToolDigests { Legacy = Listed(Era.Legacy), Modern = Listed(Era.Modern) });

        string? Listed(Era era) => spoken.Contains(era) ? upstream[era].Tools[tool.Name.Value]?.Digest : null;
    }

    private static DefinitionState StateOf(string? reviewed, string? listed) =>
        listed is null ? DefinitionState.Vanished
        : reviewed is null ? DefinitionState.Unreviewed
        : string.Equals(reviewed, listed, StringComparison.Ordinal) ? DefinitionState.Reviewed : DefinitionState.Changed;

    private long TimeOf(long timestamp) => (clock.GetUtcNow() - clock.GetElapsedTime(timestamp)).ToUnixTimeMilliseconds() * 1000;
}
