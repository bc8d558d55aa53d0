using System.Text.Json;
using Symbolon.Core.Tools;

namespace Symbolon.Cli.Upstreams;

/// <summary>What a server lists in one era of the protocol, or why it does not.</summary>
internal abstract record EraListing(Era Era)
{
    /// <param name="Version">The revision that was spoken.</param>
    /// <param name="Tools">Each as it came.</param>
    public sealed record Listed(Era Era, string Version, IReadOnlyList<JsonElement> Tools) : EraListing(Era);

    public sealed record NotSpoken(Era Era, string Why) : EraListing(Era);
}
