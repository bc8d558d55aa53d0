using Symbolon.Core;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Tools;

namespace Symbolon.Admin.Servers;

/// <summary>A tool of an active server that is not listed as it was reviewed, as the answering node saw it last. DESIGN.md section 4, Drift.</summary>
public sealed record DriftResponse
{
    public required string Server { get; init; }
    public required string Tool { get; init; }

    /// <summary>What the serving version says of it.</summary>
    public required string Effect { get; init; }

    /// <summary>
    /// <c>changed</c> and <c>unreviewed</c> (listed only in an era in which nobody reviewed it): its calls are refused until it is reviewed;
    /// <c>vanished</c>: it is not there.
    /// </summary>
    public required string Definition { get; init; }

    /// <summary>The reviewed definition by era.</summary>
    public required DigestsResponse Digests { get; init; }

    /// <summary>The definition that is listed now, by era.</summary>
    public required DigestsResponse Listed { get; init; }

    /// <summary>When this node read the server's whole list last.</summary>
    public required DateTimeOffset? ReadAt { get; init; }

    internal static DriftResponse Of(ServerName server, ManifestTool tool, LiveDefinition live, UpstreamReading reading) => new()
    {
        Server = server.Value,
        Tool = tool.Name.Value,
        Effect = tool.Effect.ToText(),
        Definition = live.State switch { DefinitionState.Changed => "changed", DefinitionState.Unreviewed => "unreviewed", _ => "vanished" },
        Digests = new DigestsResponse(tool.Digests.Legacy, tool.Digests.Modern),
        Listed = new DigestsResponse(live.Listed.Legacy, live.Listed.Modern),
        ReadAt = reading.ReadAt is { } at ? UnixTime.FromMicroseconds(at) : null,
    };
}
