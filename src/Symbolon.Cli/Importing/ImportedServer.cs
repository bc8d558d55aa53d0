using System.Collections.Immutable;
using Symbolon.Core.Registry;

namespace Symbolon.Cli.Importing;

/// <summary>What was read of a description of a server, before it is a file.</summary>
internal sealed class ImportedServer(string source)
{
    /// <summary>What it was read from, for people.</summary>
    public string Source => source;

    /// <summary>As the description names it; not necessarily a name of ours.</summary>
    public string? Name { get; set; }

    /// <summary>Null where it does not say, or cannot be said in a file.</summary>
    public UpstreamAddress? Upstream { get; set; }

    public ImmutableArray<ManifestTool> Tools { get; set; } = [];

    /// <summary>What is in the description and not in the file, and why. With one, the file is not the whole of it.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>What who completes the file should know.</summary>
    public List<string> Remarks { get; } = [];
}
