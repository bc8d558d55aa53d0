using Symbolon.Admin.Api;

namespace Symbolon.Admin.Workflows;

public sealed record WorkflowResponse
{
    public required string Name { get; init; }
    public required string Owner { get; init; }

    /// <summary><c>active</c>, <c>suspended</c> or <c>retired</c>; while it is not active its tokens are refused.</summary>
    public required string State { get; init; }
    public required IReadOnlyDictionary<string, string> Labels { get; init; }
    public StateChangeResponse? LastChange { get; init; }

    /// <summary>Version of the object, also its <c>ETag</c>; absent in lists and while the store cannot be asked.</summary>
    public long? Version { get; init; }
}
