namespace Symbolon.Admin.Servers;

public sealed record ApproveRequest
{
    /// <summary>The pending version's number, as it was shown: nobody approves what they have not seen.</summary>
    public required int Version { get; init; }

    /// <summary>Why, for the record; at most 1024 characters.</summary>
    public string? Reason { get; init; }
}
