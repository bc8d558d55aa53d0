using Symbolon.Core.Registry;

namespace Symbolon.Registry.Servers;

/// <summary>What follows for a server when another version of its manifest serves.</summary>
internal static class ServingVersion
{
    /// <summary>A version that needs no more than was approved: it serves though nobody was asked about it.</summary>
    public static ServerObject InEnvelope(ServerObject server, ManifestVersion version) =>
        KeepingEnvelope(server, version with { InEnvelopeOf = server.Approved!.InEnvelopeOf ?? server.Approved.Number });

    /// <summary>What reviewers approved last stays the envelope, also where so far it was the union of what served.</summary>
    public static ServerObject KeepingEnvelope(ServerObject server, ManifestVersion version) => Of(server, version) with { Envelope = server.Envelope ?? server.EnvelopeSet().Needs };

    /// <summary>Drift is settled where the version has the definition that was seen, or the tool no longer.</summary>
    public static ServerObject Of(ServerObject server, ManifestVersion version)
    {
        var tools = version.Manifest.Tools.ToDictionary(tool => tool.Name);
        return server with
        {
            Approved = version,
            LastNumber = Math.Max(server.LastNumber, version.Number),
            Drifted = [.. server.Drifted.Where(Stays)],
            TurnedDown = [.. server.TurnedDown.Where(Stays)],
            Withheld = [.. server.Withheld.Where(Stays)],
        };

        bool Stays(DriftedTool drifted) => tools.TryGetValue(drifted.Tool, out var tool) && tool.Digests.For(drifted.Era) != drifted.Digest;
    }
}
