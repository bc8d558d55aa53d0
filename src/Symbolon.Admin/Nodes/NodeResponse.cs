namespace Symbolon.Admin.Nodes;

/// <param name="ConfirmedRevision">Up to which revision of the configuration its memory is complete.</param>
public sealed record NodeResponse(string Node, long Lease, long ConfirmedRevision, DateTimeOffset SeenAt);
