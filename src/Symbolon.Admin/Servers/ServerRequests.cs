namespace Symbolon.Admin.Servers;

public sealed record ChangeOwnerRequest
{
    /// <summary>E-mail address of who answers for the server from now on.</summary>
    public required string Owner { get; init; }

    /// <summary>Why, for the record; at most 1024 characters.</summary>
    public string? Reason { get; init; }
}

public sealed record QuarantineRequest
{
    /// <summary>Name of the label: <c>env</c>.</summary>
    public required string Label { get; init; }

    /// <summary>Its value, exactly: <c>prod</c>.</summary>
    public required string Value { get; init; }

    /// <summary>Why, for the record; at most 1024 characters.</summary>
    public string? Reason { get; init; }
}
