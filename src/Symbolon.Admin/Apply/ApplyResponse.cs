namespace Symbolon.Admin.Apply;

/// <summary>What happened to one document; the answer is a list of these in the order of the request.</summary>
/// <param name="Kind">Server, Agent, Workflow or Grant.</param>
/// <param name="Action"><c>created</c>, <c>updated</c>, <c>pending</c> (a server's version that waits for approval) or <c>unchanged</c>.</param>
/// <param name="Version">The number of the manifest for a server, else the version of the object.</param>
public sealed record ApplyResponse(string Kind, string Name, string Action, long Version);
