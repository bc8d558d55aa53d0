using System.CommandLine;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Commands;

/// <summary><c>symbolon node</c>: the processes that share one store.</summary>
internal static class NodeCommand
{
    public static Command Build(Outside outside) => new("node", "The nodes that share the store")
    {
        Verb.List(outside, "node", "nodes",
            Column.At("NODE", "node"), Column.At("LEASE", "lease"), Column.At("REVISION", "confirmedRevision"), Column.At("SEEN", "seenAt")),
    };
}
