namespace Symbolon.Admin.Api;

/// <summary>The body of a step in the life of an object; may be absent.</summary>
public sealed record ReasonRequest
{
    /// <summary>Why, for the record; at most 1024 characters.</summary>
    public string? Reason { get; init; }
}
