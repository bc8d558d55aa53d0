namespace Symbolon.Core.Snapshot;

/// <summary>The name under which this process is one of the nodes of <see cref="INodeStore"/>; wired by the host.</summary>
public sealed record ThisNode(string Name);
